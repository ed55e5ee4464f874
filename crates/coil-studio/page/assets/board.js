import{l as e,o as t,s as n,u as r}from"./desk.js";import{a as i,i as a,n as o,r as s,t as c}from"./dom.js";import{n as l,t as u}from"./server.js";var d=96/25.4,f={button:{tag:`wokwi-pushbutton`,size:[67.3,45.4],pins:{a:[`1.l`,`1.r`],b:[`2.l`,`2.r`]}},buzzer:{tag:`wokwi-buzzer`,size:[64.3,84],pins:{signal:[`2`],gnd:[`1`]}},dht22:{tag:`wokwi-dht22`,size:[57.1,116.7],pins:{vcc:[`VCC`],data:[`SDA`],gnd:[`GND`]}},led:{tag:`wokwi-led`,size:[40,45],pins:{anode:[`A`],cathode:[`C`]}},mpu6050:{tag:`wokwi-mpu6050`,size:[81.6,61.2],pins:{vcc:[`VCC`],gnd:[`GND`],scl:[`SCL`],sda:[`SDA`]}},photoresistor:{tag:`wokwi-photoresistor-sensor`,size:[173.7,61.5],pins:{vcc:[`VCC`],out:[`AO`],gnd:[`GND`]}},potentiometer:{tag:`wokwi-potentiometer`,size:[75.6,75.6],pins:{vcc:[`VCC`],wiper:[`SIG`],gnd:[`GND`]}},resistor:{tag:`wokwi-resistor`,size:[59.1,11.3],pins:{a:[`1`],b:[`2`]}},"rgb-led":{tag:`wokwi-rgb-led`,size:[42.1,58],pins:{red:[`R`],green:[`G`],blue:[`B`],common:[`COM`]}},"rotary-encoder":{tag:`wokwi-ky-040`,size:[116.5,70.4],pins:{clk:[`CLK`],dt:[`DT`],sw:[`SW`],vcc:[`VCC`],gnd:[`GND`]}},"sd-card":{tag:`wokwi-microsd-card`,size:[81.6,77.1],pins:{vcc:[`VCC`],gnd:[`GND`],cs:[`CS`],sck:[`SCK`],mosi:[`DI`],miso:[`DO`]}},servo:{tag:`wokwi-servo`,size:[170.1,119.5],pins:{signal:[`PWM`],vcc:[`V+`],gnd:[`GND`]}},"seven-segment":{tag:`wokwi-7segment`,size:[47.4,76],pins:{a:[`A`],b:[`B`],c:[`C`],d:[`D`],e:[`E`],f:[`F`],g:[`G`],dp:[`DP`],com:[`COM.1`,`COM.2`]}},"slide-switch":{tag:`wokwi-slide-switch`,size:[32.1,34.9],pins:{left:[`1`],common:[`2`],right:[`3`]}},ssd1306:{tag:`wokwi-ssd1306`,size:[150,116],pins:{vcc:[`VIN`,`3V3`],gnd:[`GND`],scl:[`CLK`],sda:[`DATA`]}},ultrasonic:{tag:`wokwi-hc-sr04`,size:[170.1,94.5],pins:{vcc:[`VCC`],trig:[`TRIG`],echo:[`ECHO`],gnd:[`GND`]}}},p=2.54*d;function m(e,t,n=`x`){return Object.fromEntries(e.map((e,r)=>[e,n===`x`?[t[0]+r*p,t[1]]:[t[0],t[1]+r*p]]))}function h(e){let t=Math.max(76,e.length*p+12);return{size:[t,62],pins:m(e,[(t-(e.length-1)*p)/2,55])}}var g=[`qb`,`qc`,`qd`,`qe`,`qf`,`qg`,`qh`,`gnd`],ee=[`vcc`,`qa`,`ser`,`oe`,`rclk`,`srclk`,`srclr`,`qhs`],te={dht11:{size:[60,92],pins:m([`vcc`,`data`,`gnd`],[20.4,88])},ds18b20:{size:[36,62],pins:m([`gnd`,`data`,`vcc`],[8.399999999999999,58])},ds3231:h([`vcc`,`gnd`,`scl`,`sda`]),lm75:h([`vcc`,`gnd`,`scl`,`sda`,`os`]),relay:{size:[150,92],pins:{...m([`in`,`vcc`,`gnd`],[7,36.4],`y`),...m([`no`,`com`,`nc`],[143,46-2*p],`y`),com:[143,46],nc:[143,65.2]}},"shift-register":{size:[82.80000000000001,56],pins:{...m(g,[7.800000000000001,52]),...m(ee,[7.800000000000001,4])}},tm1637:{size:[164,84],pins:m([`clk`,`dio`,`vcc`,`gnd`],[7,42-1.5*p],`y`)}};function ne(e){let t=e<=8?e:e<=64?8:e<=256?16:32,n=e<=64?22:e<=256?16:10;return{columns:t,rows:Math.ceil(e/t),pitch:n}}function re(e){let{columns:t,rows:n,pitch:r}=ne(e),i=Math.max(n*r+8,36.800000000000004);return{size:[20+t*r+8,i],pins:m([`din`,`vcc`,`gnd`],[6,i/2-p],`y`)}}var ie=new Set([`neopixel`]),ae={button:[{does:`press`,setting:`pressed`,at:[33.6,22.7],r:17}],"slide-switch":[{does:`toggle`,setting:`position`,at:[16,9],r:16}],potentiometer:[{does:`turn`,setting:`position`,at:[37.6,30.5],r:27}],"rotary-encoder":[{does:`steps`,setting:`position`,at:[36.4,28.5],r:25},{does:`press`,setting:`pressed`,at:[36.4,28.5],r:11}]},oe=new Set([`bounce`,`ohms`,`address`,`count`,`order`,`size`,`tone`,`type`,`active`,`least_us`,`most_us`]),se=e=>!e.fixed&&!oe.has(e.name),ce=1e4,_=1e3;function le(e,t,n){let r=new Map;for(let i of t.settings){let a=se(i)&&de(e,t,i,n);a&&r.set(i.name,a)}return r}var ue=e=>i.circuit.settingNames[e]??e.replace(/_/g,` `);function de(e,t,n,r){return n.sort===`flag`?fe(e,n,r):n.sort===`choice`?pe(e,n,r):t.kind===`rotary-encoder`?me(e,n,r):n.least===void 0||n.most===void 0||n.most>1e8?void 0:ge(e,n,r)}function fe(e,{name:t},n){let r=i.circuit,a=(r,i=!1)=>n.press(e,t,r,i),l=e=>e.key===` `||e.key===`Enter`,u=o(`button`,{type:`button`,class:`press`,"data-key":`press ${t}`,onpointerdown:e=>e.button===0&&a(!0,e.shiftKey),onpointerup:()=>a(!1),onpointercancel:()=>a(!1),onpointerleave:()=>a(!1),onblur:()=>a(!1),onkeydown:e=>{l(e)&&(e.preventDefault(),e.repeat||a(!0,e.shiftKey))},onkeyup:e=>l(e)&&a(!1)},r.press),d=s(c.lock,r.hold,()=>{let e=d.getAttribute(`aria-pressed`)!==`true`;a(!0,e),e||a(!1)});return{element:o(`div`,{class:`control`},u,d),update(e){u.classList.toggle(`down`,e===!0),d.setAttribute(`aria-pressed`,String(e===!0))}}}function pe(e,{name:t,choices:n=[]},r){let i=n.map(n=>o(`button`,{type:`button`,"data-key":`${t} ${n}`,onclick:()=>r.act(e,t,n)},n));return{element:o(`div`,{class:`control choice`,role:`group`,"aria-label":ue(t)},...i),update:e=>i.forEach((t,r)=>t.setAttribute(`aria-pressed`,String(n[r]===e)))}}function me(e,{name:t},n){let r=i.circuit,a=0,s=r=>n.slide(e,t,a+r),c=o(`output`,{},`0`),l=(e,t,n)=>o(`button`,{type:`button`,"aria-label":t,title:t,"data-key":`step ${n}`,onclick:()=>s(n)},e);return{element:o(`div`,{class:`control`},o(`span`,{},ue(t)),l(`−`,r.left,-1),c,l(`+`,r.right,1)),update(e){a=Number(e??0),c.textContent=String(a)}}}function he({sort:e,least:t=0,most:n=1}){let r=n-t>=ce&&t>=0,i=e===`int`?0:n-t<=2?3:+(n-t<=300),a=e=>Math.min(n,Math.max(t,Number(e.toFixed(r&&e<10?1:i))));if(!r)return{value:e=>a(t+(n-t)*e/_),place:e=>(e-t)/(n-t)*_};let o=Math.log10(n-t+1);return{value:e=>a(t+10**(o*e/_)-1),place:e=>Math.log10(Math.max(e-t,0)+1)/o*_}}function ge(e,t,n){let{name:r}=t,a=he(t),s=i.circuit.units[r],c=t.least===0&&t.most===1&&!s,l=e=>c?`${Math.round(e*100)} %`:`${e}${s?` ${s}`:``}`,u=o(`output`,{}),d=o(`input`,{type:`range`,min:0,max:_,step:`any`,"aria-label":ue(r),title:t.text,"data-key":r,oninput:()=>f(a.value(d.valueAsNumber)),onkeydown:e=>{let t={ArrowLeft:-1,ArrowDown:-1,ArrowRight:1,ArrowUp:1,PageDown:-10,PageUp:10}[e.key];t!==void 0&&(e.preventDefault(),f(a.value(Math.min(_,Math.max(0,d.valueAsNumber+t*10)))))}}),f=t=>{p(t),n.slide(e,r,t)},p=e=>{let n=Number(e??t.usual);Math.abs(a.place(n)-d.valueAsNumber)>.5&&(d.value=String(a.place(n))),u.textContent=l(Number(n.toPrecision(6))),d.setAttribute(`aria-valuetext`,u.textContent)};return{element:o(`label`,{class:`control`},o(`span`,{},ue(r)),d,u),update:p}}var _e=22,ve=class{table;hands;element=o(`div`,{class:`card`,role:`group`,hidden:!0});#e;#t=new Map;constructor(e,t){this.table=e,this.hands=t}show(e){let t=e===void 0?void 0:this.table.kindOf(e);e!==this.#e&&(this.#e=e,this.#t=e!==void 0&&t?le(e,t,this.hands):new Map,this.element.replaceChildren(...[...this.#t.values()].map(({element:e})=>e)),this.element.setAttribute(`aria-label`,i.circuit.now(e??``))),this.update(),this.place()}update(){let e=this.#e;if(e!==void 0)for(let[t,n]of this.#t)n.update(this.hands.value(e,t))}place(){let e=this.#e===void 0?void 0:this.table.parts.get(this.#e);if(this.element.hidden=!e||this.#t.size===0,!e||this.element.hidden)return;let{stage:t}=this.table,{x:n,y:r,width:i,height:a}=e.box,[o,s]=t.toStage([n,r]),[c,l]=t.toStage([n+i,r+a]),{offsetWidth:u,offsetHeight:d}=this.element,{clientWidth:f}=t.element,p=t.element.clientHeight-this.table.covered,m=Math.min(Math.max((o+c-u)/2,6),f-u-6),h=l+_e+d<p||s<d+_e;this.element.style.transform=`translate(${m}px, ${Math.max(6,h?Math.min(l+_e,p-d-6):s-d-_e)}px)`}},v={parts:{},wires:[]},y=2.54,ye=/^[A-Za-z0-9_-]{1,64}$/,b=e=>e.includes(`.`)?e.slice(0,e.indexOf(`.`)):void 0,be=e=>e.slice(e.indexOf(`.`)+1),x=e=>Math.round(Math.round(e/y)*y*100)/100;function xe(e,t){let n=Se[t]??t.replace(/-/g,`_`);for(let t=1;;t++)if(!(`${n}${t}`in e.parts))return`${n}${t}`}var Se={photoresistor:`light`,potentiometer:`pot`,"rotary-encoder":`knob`,"seven-segment":`digit`,"shift-register":`register`,"slide-switch":`switch`,ssd1306:`screen`,tm1637:`display`,ultrasonic:`ranger`,resistor:`r`};function Ce(e,t,n){return ye.test(t)?t!==n&&t in e.parts?`taken`:void 0:`form`}function we(e,t,n){return{...e,parts:{...e.parts,[t]:n}}}function Te(e,t){let{[t]:n,...r}=e.parts;return{parts:r,wires:Fe(e.wires,e=>b(e)===t)}}function Ee(e,t,n){let r=Object.fromEntries(Object.entries(e.parts).map(([e,r])=>[e===t?n:e,r])),i=e=>b(e)===t?`${n}.${be(e)}`:e;return{parts:r,wires:e.wires.map(e=>e.map(i))}}function De(e,t,n){let r=e.parts[t];return r?we(e,t,{...r,...n}):e}function Oe(e,t,n,r){let i=e.parts[t];if(!i)return e;let{[n]:a,...o}=i.settings;return De(e,t,{settings:r===void 0?o:{...o,[n]:r}})}function ke(e,t){return De(e,t,{turned:((e.parts[t]?.turned??0)+90)%360})}function Ae(e,t,n){if(t===n||t===`nc`&&n===`nc`||e.wires.some(e=>e.includes(t)&&e.includes(n)))return e;let r=e.wires.filter(e=>!(e.includes(`nc`)&&(e.includes(t)||e.includes(n))));return{...e,wires:[...r,[t,n]]}}function je(e,t){let n=e.wires.flatMap((e,n)=>n===t.wire?[e.slice(0,t.at+1),e.slice(t.at+1)]:[e]);return{...e,wires:n.filter(e=>e.length>1)}}function Me(e,t){return{...e,wires:Fe(e.wires,e=>e===t)}}function Ne(e){return e.wires.flatMap((e,t)=>e.slice(1).map((n,r)=>({wire:t,at:r,from:e[r],to:n})))}function Pe(e,t){return Ne(e).filter(({from:e,to:n})=>e===t||n===t)}function Fe(e,t){return e.map(e=>e.filter(e=>!t(e))).filter(e=>e.length>1)}var Ie={"3V3":`power`,"5V":`power`,VIN:`power`,VUSB:`power`,GND:`ground`};function Le(e){let t=new Map,n=e=>{let r=t.get(e);return r===void 0||r===e?e:n(r)};for(let r of e.wires)for(let e of r)e!==`nc`&&(t.has(e)||t.set(e,e),t.set(n(e),n(r[0])));let r=new Map;for(let e of t.keys()){let t=r.get(n(e))??new Set;r.set(n(e),t.add(e))}let i=new Map,a=new Set;for(let e of r.values()){let t=[...e].map(e=>Ie[e]).find(e=>e),n={role:t??`signal`,ends:e,nth:t?0:Re(e,a)};for(let t of e)i.set(t,n)}return i}function Re(e,t){let n=[...e].sort()[0]??``,r=0;for(let e of n)r=r*31+e.charCodeAt(0)>>>0;let i=r%8;for(let e=0;t.has(i)&&e<8;e++)i=(i+1)%8;return t.add(i),i}function ze({parts:e,wires:t}){return Be([Object.entries(e).map(([e,{kind:t,settings:n}])=>[e,t,n]).sort(),t])}function S(e,t){return Be(e)===Be(t)}function Be(e){return JSON.stringify(e,(e,t)=>t&&typeof t==`object`&&!Array.isArray(t)?Object.fromEntries(Object.entries(t).sort(([e],[t])=>e<t?-1:1)):t)}var Ve=[{id:`button-and-led`,parts:{led:{kind:`led`,settings:{color:`green`},wide:[36,-28],high:[-28,18,270]},button:{kind:`button`,settings:{},wide:[52,-26],high:[-34,38]}},wires:[[`GPIO27`,`led.anode`],[`led.cathode`,`GND`],[`GPIO26`,`button.a`],[`button.b`,`GND`]],program:{name:`button_and_led.py`,source:`# The light is on as long as the button is held down.
from machine import Pin
import time

led = Pin(27, Pin.OUT)
button = Pin(26, Pin.IN, Pin.PULL_UP)    # 0 while it is pressed

while True:
    led.value(not button.value())
    time.sleep_ms(5)
`}},{id:`traffic-light`,parts:{red:{kind:`led`,settings:{color:`red`},wide:[38,-28],high:[-28,2,270]},yellow:{kind:`led`,settings:{color:`yellow`},wide:[26,-28],high:[-28,18,270]},green:{kind:`led`,settings:{color:`green`},wide:[14,-28],high:[-28,34,270]},button:{kind:`button`,settings:{},wide:[52,-26],high:[-34,52]}},wires:[[`GPIO27`,`red.anode`],[`red.cathode`,`GND`],[`GPIO14`,`yellow.anode`],[`yellow.cathode`,`GND`],[`GPIO13`,`green.anode`],[`green.cathode`,`GND`],[`GPIO26`,`button.a`],[`button.b`,`GND`]],program:{name:`traffic_light.py`,source:`# Green for cars, until somebody presses the button and wants to cross.
from machine import Pin
import time

red, yellow, green = Pin(27, Pin.OUT), Pin(14, Pin.OUT), Pin(13, Pin.OUT)
button = Pin(26, Pin.IN, Pin.PULL_UP)    # 0 while it is pressed

def show(r, y, g):
    red.value(r)
    yellow.value(y)
    green.value(g)

while True:
    show(0, 0, 1)
    print("cars drive")
    while button.value():
        time.sleep_ms(10)
    show(0, 1, 0)
    time.sleep(1)
    show(1, 0, 0)
    print("people walk")
    time.sleep(4)
    show(1, 1, 0)
    time.sleep(1)
`}},{id:`weather-station`,parts:{air:{kind:`dht22`,settings:{temperature:21.5,humidity:48},wide:[50,-50],high:[56,40]},eye:{kind:`photoresistor`,settings:{light:500},wide:[12,68],high:[-8,66,180]},screen:{kind:`ssd1306`,settings:{},wide:[2,-50],high:[42,-4]}},wires:[[`GPIO16`,`air.data`],[`GPIO35`,`eye.out`],[`GPIO22`,`screen.scl`],[`GPIO21`,`screen.sda`]],program:{name:`weather_station.py`,source:`# Measures once in a second, and shows it on the screen.
from machine import ADC, I2C, Pin
import dht
import framebuf
import time

sensor = dht.DHT22(Pin(16))
eye = ADC(Pin(35), atten=ADC.ATTN_11DB)
i2c = I2C(0, scl=Pin(22), sda=Pin(21), freq=400_000)
picture = bytearray(128 * 64 // 8)
screen = framebuf.FrameBuffer(picture, 128, 64, framebuf.MONO_VLSB)

def command(*numbers):
    i2c.writeto(0x3C, b"\\x00" + bytes(numbers))

# Lines go from left to right and from top to bottom; its charge pump and the screen itself are switched on.
command(0x20, 0, 0xA1, 0xC8, 0x8D, 0x14, 0xAF)

while True:
    sensor.measure()
    light = eye.read_uv() / 3_300_000
    screen.fill(0)
    screen.text("%.1f C" % sensor.temperature(), 0, 0)
    screen.text("%.0f %%" % sensor.humidity(), 72, 0)
    screen.text("light", 0, 28)
    screen.rect(0, 42, 128, 14, 1)
    screen.fill_rect(2, 44, int(light * 124), 10, 1)
    command(0x21, 0, 127, 0x22, 0, 7)
    i2c.writeto(0x3C, b"\\x40" + picture)
    print("temp:", sensor.temperature(), "hum:", sensor.humidity(), "light:", round(light * 100))
    time.sleep(1)
`}}];function He(e,t){let n=new Map(t.headers.flatMap(({pins:e})=>e.flatMap(({gpio:e,end:t})=>e===void 0||t===void 0?[]:[[`GPIO${e}`,t]]))),r=e.wires.map(e=>e.map(e=>e.startsWith(`GPIO`)?n.get(e)??``:e));if(r.some(e=>e.includes(``)))return;let[i,a]=t.size,o=i>a,s=Object.entries(e.parts).map(([e,{kind:t,settings:n,wide:r,high:i}])=>{let[a,s,c]=o?r:i;return[e,{kind:t,settings:n,at:[x(a),x(s)],...c?{turned:c}:{}}]});return{parts:Object.fromEntries(s),wires:r}}function Ue(e,t,n){let r={};for(let i of new Set([...Object.keys(n.parts),...Object.keys(t.parts)])){let a=We(e.parts[i],t.parts[i],n.parts[i]);a&&(r[i]=a)}let i=e=>(b(e)??``)in r||b(e)===void 0;return{parts:r,wires:Ge(e.wires,t.wires,n.wires).map(e=>e.filter(i)).filter(e=>e.length>1)}}function We(e,t,n){if(S(t,e))return n;if(S(n,e)||!t||!n||t.kind!==n.kind)return t;let r={...n.settings};for(let n of new Set([...Object.keys(e?.settings??{}),...Object.keys(t.settings)])){let i=t.settings[n];S(i,e?.settings[n])||(i===void 0?delete r[n]:r[n]=i)}let i={...n,settings:r};return!S(t.at,e?.at)&&t.at&&(i.at=t.at),!S(t.turned,e?.turned)&&t.turned!==void 0&&(i.turned=t.turned),i}var C=e=>Be([...e].sort());function Ge(e,t,n){let[r,i]=[new Set(e.map(C)),new Set(t.map(C))],a=n.filter(e=>!r.has(C(e))||i.has(C(e))),o=new Set(a.map(C));return[...a,...t.filter(e=>!r.has(C(e))&&!o.has(C(e)))]}var Ke=200,qe=class{#e=[];#t=[];get canUndo(){return this.#e.length>0}get canRedo(){return this.#t.length>0}add(e,t){this.#e.push({before:e,after:t}),this.#e.length>Ke&&this.#e.shift(),this.#t=[]}undo(e){for(let t=this.#e.pop();t;t=this.#e.pop()){let n=Ue(t.after,t.before,e);if(!S(n,e))return this.#t.push({before:n,after:e}),n}}redo(e){for(let t=this.#t.pop();t;t=this.#t.pop()){let n=Ue(t.before,t.after,e);if(!S(n,e))return this.#e.push({before:e,after:n}),n}}clear(){this.#e=[],this.#t=[]}},Je=class{table;hooks;element=o(`section`,{class:`inspector`,hidden:!0});constructor(e,t){this.table=e,this.hooks=t}show(e){if(this.element.hidden=e===void 0,!e)return this.element.replaceChildren();let t=document.activeElement instanceof HTMLElement&&this.element.contains(document.activeElement)?document.activeElement.dataset.key:void 0,n=this.element.scrollTop;this.element.replaceChildren(...`part`in e?this.#t(e.part):this.#e(e.wire)),t!==void 0&&this.element.querySelector(`[data-key="${CSS.escape(t)}"]`)?.focus(),this.element.scrollTop=n}focus(e){let t=this.element.querySelector(e===`name`?`.name`:`.wires select`);t?.focus(),t instanceof HTMLInputElement&&t.select()}#e(e){let t=i.circuit;this.element.setAttribute(`aria-label`,t.wireLabel(e.from,e.to));let n=o(`button`,{type:`button`,"data-key":`remove`,onclick:()=>this.hooks.remove({wire:e})},t.wireRemove);return[o(`div`,{class:`head`},o(`h3`,{},t.wire(e.from,e.to)),this.#n()),o(`div`,{class:`fields`},n)]}#t(e){let t=i.circuit,n=this.table.kindOf(e);if(this.element.setAttribute(`aria-label`,e),!n)return[];let r=n.settings.filter(e=>!se(e)),a=o(`div`,{class:`tools`},s(c.turn,t.turn,()=>this.hooks.turn(e),{"data-key":`turn`}),s(c.remove,t.remove,()=>this.hooks.remove({part:e}),{"data-key":`remove`}),this.#n());return[o(`div`,{class:`head`},this.#r(e),o(`h3`,{},n.title),a),Ye(n.text),...r.length?[o(`div`,{class:`fields`,role:`group`,"aria-label":t.settings},...r.map(t=>this.#i(e,t)))]:[],o(`div`,{class:`wires`,role:`group`,"aria-label":t.wires},...n.pins.map(t=>this.#a(e,n,t)))]}#n(){return s(c.close,i.circuit.close,()=>this.hooks.close(),{"data-key":`close`})}#r(e){let t=i.circuit,n=o(`input`,{type:`text`,class:`name`,value:e,maxlength:64,spellcheck:`false`,autocomplete:`off`,"aria-label":t.name,title:t.name,"data-key":`name`,onkeydown:t=>{t.key===`Enter`&&n.blur(),t.key===`Escape`&&(n.value=e)},onchange:()=>{let r=n.value.trim(),i=Ce(this.table.circuit,r,e);if(r===e||!i)return r===e?void 0:this.hooks.rename(e,r);this.hooks.say(i===`form`?t.badName:t.taken(r)),n.value=e}});return n}#i(e,t){let{name:n,sort:r,choices:i=[],usual:a,least:s,most:c,text:l}=t,u=this.table.circuit.parts[e]?.settings[n]??a,d={"data-key":`setting ${n}`,title:l},f=e=>o(`label`,{},o(`span`,{},ue(n)),e),p=n=>this.hooks.setting(e,t,n);if(r===`choice`){let e=o(`select`,{...d,onchange:()=>p(e.value)},...i.map(e=>new Option(e,e,!1,e===u)));return f(e)}if(r===`flag`){let e=o(`input`,{...d,type:`checkbox`,checked:u===!0,onchange:()=>p(e.checked)});return f(e)}let m=o(`input`,{...d,type:`number`,value:String(u),min:s,max:c,step:r===`int`?1:`any`,onchange:()=>{let e=m.valueAsNumber;Number.isFinite(e)?p(Math.min(c??e,Math.max(s??e,r===`int`?Math.round(e):e))):m.value=String(u)}});return f(m)}#a(e,t,n){let r=i.circuit,a=`${e}.${n.name}`,{circuit:l}=this.table,u=Pe(l,a),d=({from:e,to:t})=>e===a?t:e,[f,...p]=u,m=n.role===`ground`?`GND`:n.role===`power`?n.rail:void 0,h=o(`select`,{"aria-label":r.wireOf(n.name,e),"data-key":`pin ${n.name}`,"data-pin":a,onchange:()=>{let e=f?je(l,f):l;this.hooks.change(h.value?Ae(e,a,h.value):Me(l,a))}},new Option(m?r.byItself(m):r.unwired,``,!1,!f),...this.#o(e,t,m!==void 0,f&&d(f))),g=p.map(e=>o(`span`,{class:`more`},r.more(d(e)),s(c.close,r.cut(d(e)),()=>this.hooks.change(je(l,e)))));return o(`div`,{class:`row`},o(`span`,{class:`pin ${n.role}`},n.name),h,...g)}#o(e,t,n,r){let a=i.circuit,s=(e,t=e)=>new Option(t,e,!1,e===r),c=[...new Map((this.table.device?.spots??[]).map(e=>[e.end,e])).values()],[l,u]=[c.filter(({gpio:e})=>e===void 0),c.filter(({gpio:e})=>e!==void 0)],d=(e,...t)=>o(`optgroup`,{label:e},...t),f=t.pins.map(({name:t})=>`${e}.${t}`),p=[...this.table.parts.values()].filter(({name:t})=>t!==e),m=new Set([...c.map(({end:e})=>e),...f,...p.flatMap(e=>e.pins.map(t=>`${e.name}.${t}`)),`nc`]);return[...r!==void 0&&!m.has(r)?[s(r)]:[],d(a.board,...u.map(({end:e,gpio:t})=>s(e,`${e} (GPIO${t})`))),d(a.supplies,...l.map(({end:e})=>s(e)),...n?[s(`nc`)]:[]),...p.map(e=>d(e.name,...e.pins.map(t=>s(`${e.name}.${t}`,`${e.name}.${t}`)))),d(e,...f.map(e=>s(e)))]}};function Ye(e){let t=o(`p`,{class:`hint`,onclick:()=>t.classList.add(`whole`)},...n(e));return t}var Xe=.3,Ze=5,Qe=2.2,$e=1.25,w=26,et=class{hooks;world=o(`div`,{class:`world`});element;zoom=1;#e=0;#t=0;isChosen=!1;#n=new Map;#r;#i;constructor(e){this.hooks=e,this.element=o(`div`,{class:`stage`,tabindex:-1,role:`group`,"aria-label":i.circuit.table,"aria-description":i.circuit.keys,onpointerdown:e=>this.#c(e),onpointermove:e=>this.#l(e),onpointerup:e=>this.#u(e,!0),onpointercancel:e=>this.#u(e,!1),onpointerleave:t=>!this.#n.size&&e.hover(void 0,t)},this.world),this.element.addEventListener(`wheel`,e=>this.#s(e),{passive:!1})}get isHeld(){return this.#n.size>0}toWorld(e,t){let{left:n,top:r}=this.element.getBoundingClientRect();return[(e-n-this.#e)/this.zoom,(t-r-this.#t)/this.zoom]}toStage([e,t]){return[e*this.zoom+this.#e,t*this.zoom+this.#t]}get middle(){return[(this.element.clientWidth/2-this.#e)/this.zoom,(this.element.clientHeight/2-this.#t)/this.zoom]}fit({x:e,y:t,width:n,height:r},i=0){let[a,o]=[this.element.clientWidth-52,this.element.clientHeight-52-i];a<=0||o<=0||(this.zoom=Math.min(Math.max(Math.min(a/n,o/r),Xe),Qe),this.#e=w+(a-n*this.zoom)/2-e*this.zoom,this.#t=w+(o-r*this.zoom)/2-t*this.zoom,this.isChosen=!1,this.#o())}zoomBy(e,t){let{left:n,top:r,width:i,height:a}=this.element.getBoundingClientRect(),[o,s]=t?[t[0]-n,t[1]-r]:[i/2,a/2],c=Math.min(Math.max(this.zoom*e,Xe),Ze);this.#e=o-(o-this.#e)*c/this.zoom,this.#t=s-(s-this.#t)*c/this.zoom,this.zoom=c,this.isChosen=!0,this.#o()}reveal({x:e,y:t,width:n,height:r},i){let[a,o]=this.toStage([e,t]),[s,c]=this.toStage([e+n,t+r]),[l,u]=[this.element.clientWidth,this.element.clientHeight-i],d=(e,t,n)=>t>n-w?Math.max(n-w-t,w-e):e<w?w-e:0,[f,p]=[d(a,s,l),d(o,c,u)];(f||p)&&(this.#e+=f,this.#t+=p,this.#o())}isSeen({x:e,y:t,width:n,height:r}){let[i,a]=this.toStage([e,t]),[o,s]=this.toStage([e+n,t+r]);return i>=0&&a>=0&&o<=this.element.clientWidth&&s<=this.element.clientHeight}#a(e,t){this.#e+=e,this.#t+=t,this.isChosen=!0,this.#o()}#o(){this.world.style.transform=`translate(${this.#e}px, ${this.#t}px) scale(${this.zoom})`,this.element.style.setProperty(`--zoom`,String(this.zoom));let e=9.6*this.zoom*(this.zoom<.8?2:1);this.element.style.backgroundSize=`${e}px ${e}px`,this.element.style.backgroundPosition=`${this.#e}px ${this.#t}px`,this.hooks.moved()}#s(e){if(e.preventDefault(),e.shiftKey||e.deltaX!==0&&!e.ctrlKey)return this.#a(-e.deltaX||-e.deltaY,e.shiftKey?0:-e.deltaY);this.zoomBy($e**(-Math.sign(e.deltaY)*Math.min(1,Math.abs(e.deltaY)/60)),[e.clientX,e.clientY])}#c(e){if(e.button>1)return;if(this.#n.set(e.pointerId,e),this.#n.size===2){this.#r?.end(this.toWorld(e.clientX,e.clientY),!1,e),this.#r=void 0,this.#i={far:this.#f(),zoom:this.zoom};return}let t=this.toWorld(e.clientX,e.clientY);this.#r=(e.button===0?this.hooks.grab(t,e):void 0)??this.#d(e),this.element.setPointerCapture(e.pointerId)}#l(e){let t=this.#n.get(e.pointerId),n=this.toWorld(e.clientX,e.clientY);if(!t)return this.hooks.hover(n,e);let r=this.#p();if(this.#n.set(e.pointerId,e),!this.#i)return this.#r?.move(n,e);let i=this.#p();this.#a(i[0]-r[0],i[1]-r[1]),this.zoomBy(this.#i.zoom*this.#f()/this.#i.far/this.zoom,i)}#u(e,t){this.#n.delete(e.pointerId)&&(this.#i?this.#n.size||(this.#i=void 0):(this.#r?.end(this.toWorld(e.clientX,e.clientY),t,e),this.#r=void 0))}#d(e){let t=e,n=!1;return{move:(r,i)=>{n||=Math.hypot(i.clientX-e.clientX,i.clientY-e.clientY)>4,n&&(this.#a(i.clientX-t.clientX,i.clientY-t.clientY),t=i)},end:(t,r)=>{!n&&r&&e.button===0&&this.hooks.clicked(t)}}}#f(){let[e,t]=[...this.#n.values()];return e&&t?Math.max(Math.hypot(e.clientX-t.clientX,e.clientY-t.clientY),1):1}#p(){let e=[...this.#n.values()];return[e.reduce((e,t)=>e+t.clientX,0)/e.length,e.reduce((e,t)=>e+t.clientY,0)/e.length]}},tt={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};function nt(e){return t=>{let n=t.target;n.matches(`input[type=text], input[type=search], input[type=number]`)||(t.ctrlKey||t.metaKey?rt(e,t):n.closest(`.table`)&&!n.closest(`.inspector`)&&it(e,t,n))&&(t.preventDefault(),t.stopPropagation())}}function rt({undo:e,redo:t},n){let r=n.key.toLowerCase();if(r===`z`&&!n.shiftKey)e();else if(r===`y`||r===`z`)t();else return!1;return!0}function it(e,t,n){let{table:r,inspector:i}=e,a=n.closest(`[data-part]`)?.dataset.part;if(a!==void 0&&at(e,t,a))return!0;let o=n.closest(`[data-button]`)?.dataset.button;if(o!==void 0&&(t.key===` `||t.key===`Enter`))return t.repeat||ot(t,n=>e.hands.boardButton(o,n,n&&t.shiftKey)),!0;let s=r.selection.now??(a===void 0?void 0:{part:a});switch((t.key===`F2`||t.key===`w`)&&s&&r.selection.set(s),t.key){case`Delete`:case`Backspace`:return s&&e.remove(s),s!==void 0;case`Escape`:return r.from.now?r.from.set(void 0):r.selection.set(void 0),!0;case`F2`:return i.focus(`name`),!0;case`w`:return i.focus(`wires`),!0;case`a`:return e.add(),!0;case`+`:return r.stage.zoomBy($e),!0;case`-`:return r.stage.zoomBy(1/$e),!0;case`0`:return r.fit(),!0;default:return!1}}function at({table:e,hands:t,change:n},r,i){let a=e.parts.get(i),o=tt[r.key];if(!a)return!1;if(o){let[t,r]=a.at;return n(De(e.circuit,i,{at:[x(t/d+o[0]*y),x(r/d+o[1]*y)]})),!0}if(r.key===`r`)return n(ke(e.circuit,i)),!0;if(r.key!==` `&&r.key!==`Enter`)return!1;let[s,c]=[a.zone(`press`),a.zone(`toggle`)];return r.repeat||(s?ot(r,e=>t.press(i,s.setting,e,e&&r.shiftKey)):c&&t.act(i,c.setting,t.value(i,c.setting)===`right`?`left`:`right`)),!0}function ot(e,t){t(!0);let n=r=>{if(!(r instanceof KeyboardEvent&&r.key!==e.key)){t(!1);for(let e of[`keyup`,`blur`])removeEventListener(e,n,!0)}};for(let e of[`keyup`,`blur`])addEventListener(e,n,!0)}var st=2e4,ct=250,lt=4e3,ut=2e3,dt=class{events;board;gpios;hooks;#e=new Map;#t=new Map;#n=new Set;#r=new Map;#i=[];#a=[];#o=!1;#s=0;#c=new Set;#l=new Map;constructor(e,t,n,r){this.events=e,this.board=t,this.gpios=n,this.hooks=r}get isOn(){return this.#a.length>0}start(){if(this.isOn)return;let e=()=>{this.hooks.begun(),this.look()};this.#a=[this.events.subscribe({kinds:[`part`,`fault`,`reset`,`soft_reset`]},this.board,{event:e=>this.#m(e),begun:e}),()=>{}],this.#d()}stop(){for(let e of this.#a)e();this.#a=[];for(let e of this.#c)clearTimeout(e);this.#c.clear()}shown(e){return this.#e.get(e)??{}}rewired(e){let t=performance.now()-e;this.#i=this.#i.filter(({heard:e})=>e>t),this.hooks.faults(this.#i)}dismiss(e){this.#i=this.#i.filter(t=>t!==e),this.hooks.faults(this.#i)}act(e,t,n){this.#v(e,t,n),this.events.act(this.board,[{part:e,setting:t,value:n}]).catch(e=>this.hooks.failed(e.message))}slide(e,t,n){this.#v(e,t,n);let r=`${e}.${t}`;if(this.#l.has(r))return void this.#l.set(r,n);this.#l.set(r,void 0),this.events.act(this.board,[{part:e,setting:t,value:n}]).then(()=>{let n=this.#l.get(r);this.#l.delete(r),n!==void 0&&this.slide(e,t,n)},e=>{this.#l.delete(r),this.hooks.failed(e.message)})}async look(){try{this.#u(await l.look(this.board))}catch{this.isOn&&this.#p(()=>void this.look(),ut)}}#u({at_ns:e,parts:t,pins:n}){for(let[n,r]of Object.entries(t??{}))for(let[t,i]of Object.entries(r))(this.#t.get(`${n}.${t}`)??-1)<=e&&this.#v(n,t,i);for(let{gpio:t,level:r}of n??[])(this.#r.get(t)??0)%1==0&&(this.#t.get(`pin ${t}`)??-1)<=e&&this.#g(t,r)}#d(){let e=this.events.subscribe({kinds:[`pin`,`input`,`pwm`],pins:this.gpios},this.board,e=>this.#h(e));this.#a[1]=e;let t=()=>{let n=this.#s>st;if(this.#s=0,this.isOn){if(!n)return this.#p(t,1e3);e(),this.#f(lt/ct)}};this.#p(t,1e3)}#f(e){if(this.isOn){if(e<=0)return this.#d();l.look(this.board).then(e=>this.#u(e),()=>{}),this.#p(()=>this.#f(e-1),ct)}}#p(e,t){let n=setTimeout(()=>{this.#c.delete(n),e()},t);this.#c.add(n)}#m(e){if(e.event===`part`){let[t,n]=[String(e.part),String(e.name)];this.#t.set(`${t}.${n}`,e.t),this.#v(t,n,e.value)}else if(e.event===`fault`){let t={part:e.part??null,text:String(e.text),heard:performance.now()};this.#i=[...this.#i.filter(({part:e,text:n})=>e!==t.part||n!==t.text),t],this.hooks.faults(this.#i)}else{if(this.#i=this.#i.map(e=>({...e,isOld:!0})),this.hooks.faults(this.#i),e.event===`soft_reset`)return;this.#r.clear(),this.hooks.reset()}}#h(e){this.#s++;let t=Number(e.gpio);this.#t.set(`pin ${t}`,e.t),this.#g(t,e.event===`pwm`?Number(e.duty_u16)/65535:Number(e.level))}#g(e,t){this.#r.get(e)!==t&&(this.#r.set(e,t),this.#y(),this.#_.add(e))}#_=new Set;#v(e,t,n){let r=this.#e.get(e)??{};r[t]!==n&&(this.#e.set(e,{...r,[t]:n}),this.#n.add(e),this.#y())}#y(){this.#o||(this.#o=!0,requestAnimationFrame(()=>{this.#o=!1;let[e,t]=[new Set(this.#n),[...this.#_]];this.#n.clear(),this.#_.clear(),e.size&&this.hooks.parts(e);for(let e of t)this.hooks.pin(e,this.#r.get(e)??0)}))}},ft=`http://www.w3.org/2000/svg`;function T(e,t={},...n){let r=document.createElementNS(ft,e);for(let[e,n]of Object.entries(t))n!==void 0&&r.setAttribute(e,String(n));return r.append(...n),r}var E=(e,t,...n)=>T(`svg`,{width:e,height:t,viewBox:`0 0 ${e} ${t}`,class:`drawing`,"aria-hidden":`true`},...n),D=(e,t,n,r={})=>T(`text`,{x:e,y:t,fill:`#fff`,"font-size":5,"text-anchor":`middle`,"font-family":`system-ui, sans-serif`,...r},n),pt=(e,t)=>T(`g`,{},T(`circle`,{cx:e,cy:t,r:3,fill:`#d7b44a`}),T(`circle`,{cx:e,cy:t,r:1.5,fill:`#3a3326`})),mt=(e,t)=>T(`circle`,{cx:e,cy:t,r:4,fill:`var(--mat)`,stroke:`#d7b44a`,"stroke-width":1.2});function ht(e){let[t,n]=e.size,r=[0,1,2,3,4].flatMap(e=>[0,1,2].map(t=>T(`rect`,{x:10+t*14,y:12+e*8.4,width:11.5,height:4.6,rx:1.2,fill:`#14506e`})));return E(t,n,...Object.values(e.pins).map(([e,t])=>T(`path`,{d:`M${e} 66V${t+2}`,stroke:`#a9aeb6`,"stroke-width":2.2,"stroke-linecap":`round`})),T(`rect`,{x:2,y:2,width:t-4,height:68,rx:4,fill:`#2f8fc0`}),T(`rect`,{x:5,y:5,width:t-10,height:62,rx:2,fill:`none`,stroke:`#57abd4`,"stroke-width":1}),...r,D(t/2,63,`DHT11`,{"font-size":7,"font-weight":600}))}var gt=[`M1.500 1h7`,`M9.200 1.700v6.600`,`M9.200 9.700v6.600`,`M1.500 17h7`,`M.800 9.700v6.600`,`M.800 1.700v6.600`,`M1.500 9h7`],O=`#33211f`,_t=`#ff4a36`;function vt(e){let[t,n]=e.size,r=[0,1,2,3].map(e=>{let t=gt.map(e=>T(`path`,{d:e,stroke:O,"stroke-width":1.7,"stroke-linecap":`round`}));return{lines:t,element:T(`g`,{transform:`translate(${34+e*29+(e>1?6:0)} 18) skewX(-5) scale(2.1 2.5)`},...t)}}),i=[32,48].map(e=>T(`circle`,{cx:93,cy:e,r:2.6,fill:O}));return{element:E(t,n,T(`rect`,{width:t,height:n,rx:4,fill:`#1d3f74`}),T(`rect`,{x:22,y:9,width:t-30,height:n-20,rx:2,fill:`#171514`}),...r.map(({element:e})=>e),...i,D(t/2+6,n-3.5,`TM1637`,{"font-size":5}),...Object.entries(e.pins).flatMap(([e,[t,n]])=>[pt(t,n),D(t+4.4,n+1.4,e.toUpperCase(),{"font-size":4,"text-anchor":`start`})])),show:(e,t,n)=>{let a=n>0?`color-mix(in oklab, ${_t} ${55+n*5.6}%, ${O})`:O;r.forEach(({lines:t},n)=>{let r=parseInt(e.slice(n*2,n*2+2),16)||0;t.forEach((e,t)=>e.setAttribute(`style`,`stroke: ${r&1<<t?a:O}`))});for(let e of i)e.setAttribute(`style`,`fill: ${t?a:O}`)}}}function yt(e,t){let[n,r]=e.size,i=Object.entries(e.pins),a=i.map(([,[e,t]])=>T(`rect`,{x:e-1.8,y:t<r/2?t-3:t-7,width:3.6,height:10,rx:.8,fill:`#b9bec6`})),o=i.map(([e,[t,n]])=>{let i=n<r/2,a={x:t,y:i?12:r-12},o={transform:`rotate(-90 ${a.x} ${a.y})`,"text-anchor":i?`end`:`start`,"font-size":4.2,fill:`#c9ced6`,dy:1.5};return D(a.x,a.y,e.toUpperCase(),o)});return E(n,r,...a,T(`rect`,{x:1,y:8,width:n-2,height:r-16,rx:2,fill:`#24272c`}),T(`path`,{d:`M1 ${r/2-4}a4 4 0 0 1 0 8z`,fill:`#3d4249`}),T(`circle`,{cx:6,cy:r-26,r:1.3,fill:`#5a5f68`}),D(n/2+2,r/2+2,t,{"font-size":5.5,fill:`#e3e6ea`,"letter-spacing":.4}),...o)}function bt(e,t,n=`#5b2a86`){let[r,i]=e.size,a=r/2,o=[-9,-3,3,9].map(e=>T(`path`,{d:`M${a+e} 15v26`,stroke:`#b9bec6`,"stroke-width":2}));return E(r,i,T(`rect`,{width:r,height:i,rx:4,fill:n}),mt(8,9),mt(r-8,9),...o,T(`rect`,{x:a-14,y:18,width:28,height:20,rx:1.5,fill:`#1c1e22`}),T(`circle`,{cx:a-11,cy:35,r:1.2,fill:`#5a5f68`}),T(`rect`,{x:12,y:24,width:5,height:9,fill:`#c9a97a`,stroke:`#d9dde2`,"stroke-width":1.4}),T(`rect`,{x:r-17,y:24,width:5,height:9,fill:`#2a2d33`,stroke:`#d9dde2`,"stroke-width":1.4}),D(a,11,t,{"font-weight":600,"font-size":Math.min(7,(r-32)/Math.max(t.length*.6,1))}),...Object.entries(e.pins).flatMap(([e,[t,n]])=>[pt(t,n),D(t,n-5.5,e.toUpperCase(),{"font-size":4})]))}function xt(e){let[t,n]=e.size,r=T(`circle`,{cx:24,cy:14,r:4,fill:`#4a2222`}),i=T(`circle`,{cx:24,cy:14,r:8,fill:`#ff5a4d`,opacity:0}),a=T(`path`,{d:``,stroke:`#fff`,"stroke-width":1.6,fill:`none`,"stroke-linecap":`round`}),o=[`no`,`com`,`nc`].map(t=>{let[n,r]=e.pins[t];return T(`g`,{},T(`rect`,{x:n-22,y:r-8.6,width:29,height:17.2,fill:`#1f7a3f`,stroke:`#176032`,"stroke-width":.8}),T(`circle`,{cx:n-12,cy:r,r:5.6,fill:`#c9ced6`}),T(`path`,{d:`M${n-15.5} ${r-3}l7 6`,stroke:`#6d737c`,"stroke-width":1.6}),D(n-26,r+1.8,t.toUpperCase(),{"text-anchor":`end`,"font-size":5}))}),s=E(t,n,T(`rect`,{width:t,height:n,rx:4,fill:`#1d3f74`}),T(`rect`,{x:32,y:20,width:66,height:56,rx:2,fill:`#2f6fd0`}),T(`rect`,{x:34,y:22,width:62,height:52,rx:2,fill:`none`,stroke:`#5b92e5`}),D(65,34,`RELAY 5V`,{"font-size":7,"font-weight":600}),T(`path`,{d:`M46 60h10M74 50h10M74 68h10`,stroke:`#fff`,"stroke-width":1.6,"stroke-linecap":`round`}),a,T(`circle`,{cx:57,cy:60,r:1.8,fill:`#fff`}),...o,...[`in`,`vcc`,`gnd`].flatMap(t=>{let[n,r]=e.pins[t];return[pt(n,r),D(n+6,r+1.6,t.toUpperCase(),{"text-anchor":`start`,"font-size":5})]}),i,r),c=e=>{r.setAttribute(`fill`,e?`#ff5a4d`:`#4a2222`),i.setAttribute(`opacity`,e?`0.45`:`0`),a.setAttribute(`d`,e?`M57 60L74 50`:`M57 60L74 68`)};return c(!1),{element:s,show:c}}var St=e=>Math.round(255*(e/255)**.45);function Ct(e,t){let[n,r]=e.size,{columns:i,rows:a,pitch:o}=ne(t),s=(r-a*o)/2,c=Array.from({length:t},(e,t)=>{let[n,r]=[20+(t%i+.5)*o,s+(Math.floor(t/i)+.5)*o],a=o*.36;return{glow:T(`circle`,{cx:n,cy:r,r:o*.62,fill:`none`,opacity:.4}),light:T(`circle`,{cx:n,cy:r,r:a*.78,fill:`#d9d9d2`}),body:T(`rect`,{x:n-a,y:r-a,width:a*2,height:a*2,rx:1,fill:`#f6f6f2`})}});return{element:E(n,r,T(`rect`,{width:n,height:r,rx:3,fill:`#1f2226`}),...Object.entries(e.pins).flatMap(([e,[t,n]])=>[pt(t,n),D(t+4.5,n+1.4,e===`gnd`?`−`:e===`vcc`?`+`:`DI`,{"font-size":4,"text-anchor":`start`})]),...c.map(({body:e})=>e),...c.map(({glow:e})=>e),...c.map(({light:e})=>e)),show:(e,t)=>{c.forEach(({glow:n,light:r},i)=>{let a=Array.from({length:t},(n,r)=>parseInt(e.slice((i*t+r)*2,(i*t+r)*2+2),16)||0),o=a[3]??0,[s,c,l]=[0,1,2].map(e=>Math.min(255,(a[e]??0)+o)),u=s+c+l>0,d=`rgb(${St(s)} ${St(c)} ${St(l)})`;r.setAttribute(`fill`,u?d:`#d9d9d2`),n.setAttribute(`fill`,u?d:`none`)})}}}function wt(e){let[t,n]=e.size;return E(t,n,...Object.values(e.pins).map(([e,t])=>T(`path`,{d:`M${e} 30V${t+2}`,stroke:`#a9aeb6`,"stroke-width":2.2,"stroke-linecap":`round`})),T(`path`,{d:`M4 12a14 12 0 0 1 28 0v20a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z`,fill:`#26292e`}),T(`path`,{d:`M4 12h28`,stroke:`#3b4047`,"stroke-width":1}),D(t/2,20,`DALLAS`,{"font-size":4.6,fill:`#c9ced6`}),D(t/2,27,`18B20`,{"font-size":6,fill:`#e3e6ea`}))}var Tt=globalThis,Et=Tt.ShadowRoot&&(Tt.ShadyCSS===void 0||Tt.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,Dt=Symbol(),Ot=new WeakMap,kt=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==Dt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(Et&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=Ot.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&Ot.set(t,e))}return e}toString(){return this.cssText}},At=e=>new kt(typeof e==`string`?e:e+``,void 0,Dt),k=(e,...t)=>new kt(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,Dt),jt=(e,t)=>{if(Et)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),r=Tt.litNonce;r!==void 0&&t.setAttribute(`nonce`,r),t.textContent=n.cssText,e.appendChild(t)}},Mt=Et?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return At(t)})(e):e,{is:Nt,defineProperty:Pt,getOwnPropertyDescriptor:Ft,getOwnPropertyNames:It,getOwnPropertySymbols:Lt,getPrototypeOf:Rt}=Object,zt=globalThis,Bt=zt.trustedTypes,Vt=Bt?Bt.emptyScript:``,Ht=zt.reactiveElementPolyfillSupport,Ut=(e,t)=>e,Wt={toAttribute(e,t){switch(t){case Boolean:e=e?Vt:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},Gt=(e,t)=>!Nt(e,t),Kt={attribute:!0,type:String,converter:Wt,reflect:!1,useDefault:!1,hasChanged:Gt};Symbol.metadata??=Symbol(`metadata`),zt.litPropertyMetadata??=new WeakMap;var A=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=Kt){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&Pt(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=Ft(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Kt}static _$Ei(){if(this.hasOwnProperty(Ut(`elementProperties`)))return;let e=Rt(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(Ut(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(Ut(`properties`))){let e=this.properties,t=[...It(e),...Lt(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(Mt(e))}else e!==void 0&&t.push(Mt(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return jt(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?Wt:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?Wt:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??Gt)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};A.elementStyles=[],A.shadowRootOptions={mode:`open`},A[Ut(`elementProperties`)]=new Map,A[Ut(`finalized`)]=new Map,Ht?.({ReactiveElement:A}),(zt.reactiveElementVersions??=[]).push(`2.1.2`);var qt=globalThis,Jt=e=>e,Yt=qt.trustedTypes,Xt=Yt?Yt.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,Zt=`$lit$`,j=`lit$${Math.random().toFixed(9).slice(2)}$`,Qt=`?`+j,$t=`<${Qt}>`,M=document,en=()=>M.createComment(``),tn=e=>e===null||typeof e!=`object`&&typeof e!=`function`,nn=Array.isArray,rn=e=>nn(e)||typeof e?.[Symbol.iterator]==`function`,an=`[ 	
\f\r]`,on=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,sn=/-->/g,cn=/>/g,N=RegExp(`>|${an}(?:([^\\s"'>=/]+)(${an}*=${an}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),ln=/'/g,un=/"/g,dn=/^(?:script|style|textarea|title)$/i,fn=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),P=fn(1),F=fn(2),I=Symbol.for(`lit-noChange`),L=Symbol.for(`lit-nothing`),pn=new WeakMap,R=M.createTreeWalker(M,129);function mn(e,t){if(!nn(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return Xt===void 0?t:Xt.createHTML(t)}var hn=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=on;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===on?c[1]===`!--`?o=sn:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=N):(dn.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=N):o=cn:o===N?c[0]===`>`?(o=i??on,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?N:c[3]===`"`?un:ln):o===un||o===ln?o=N:o===sn||o===cn?o=on:(o=N,i=void 0);let d=o===N&&e[t+1].startsWith(`/>`)?` `:``;a+=o===on?n+$t:l>=0?(r.push(s),n.slice(0,l)+Zt+n.slice(l)+j+d):n+j+(l===-2?t:d)}return[mn(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},gn=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=hn(t,n);if(this.el=e.createElement(l,r),R.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=R.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(Zt)){let t=u[o++],n=i.getAttribute(e).split(j),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?bn:r[1]===`?`?xn:r[1]===`@`?Sn:yn}),i.removeAttribute(e)}else e.startsWith(j)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(dn.test(i.tagName)){let e=i.textContent.split(j),t=e.length-1;if(t>0){i.textContent=Yt?Yt.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],en()),R.nextNode(),c.push({type:2,index:++a});i.append(e[t],en())}}}else if(i.nodeType===8){if(i.data===Qt)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(j,e+1))!==-1;)c.push({type:7,index:a}),e+=j.length-1}}a++}}static createElement(e,t){let n=M.createElement(`template`);return n.innerHTML=e,n}};function z(e,t,n=e,r){if(t===I)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=tn(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=z(e,i._$AS(e,t.values),i,r)),t}var _n=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??M).importNode(t,!0);R.currentNode=r;let i=R.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new vn(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Cn(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=R.nextNode(),a++)}return R.currentNode=M,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},vn=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=L,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=z(this,e,t),tn(e)?e===L||e==null||e===``?(this._$AH!==L&&this._$AR(),this._$AH=L):e!==this._$AH&&e!==I&&this._(e):e._$litType$===void 0?e.nodeType===void 0?rn(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==L&&tn(this._$AH)?this._$AA.nextSibling.data=e:this.T(M.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=gn.createElement(mn(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new _n(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=pn.get(e.strings);return t===void 0&&pn.set(e.strings,t=new gn(e)),t}k(t){nn(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(en()),this.O(en()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=Jt(e).nextSibling;Jt(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},yn=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=L,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=L}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=z(this,e,t,0),a=!tn(e)||e!==this._$AH&&e!==I,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=z(this,r[n+o],t,o),s===I&&(s=this._$AH[o]),a||=!tn(s)||s!==this._$AH[o],s===L?e=L:e!==L&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===L?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},bn=class extends yn{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===L?void 0:e}},xn=class extends yn{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==L)}},Sn=class extends yn{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=z(this,e,t,0)??L)===I)return;let n=this._$AH,r=e===L&&n!==L||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==L&&(n===L||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Cn=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){z(this,e)}},wn=qt.litHtmlPolyfillSupport;wn?.(gn,vn),(qt.litHtmlVersions??=[]).push(`3.3.3`);var Tn=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new vn(t.insertBefore(en(),e),e,void 0,n??{})}return i._$AI(e),i},En=globalThis,B=class extends A{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Tn(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return I}};B._$litElement$=!0,B.finalized=!0,En.litElementHydrateSupport?.({LitElement:B});var Dn=En.litElementPolyfillSupport;Dn?.({LitElement:B}),(En.litElementVersions??=[]).push(`4.2.2`);var V=e=>(t,n)=>{n===void 0?customElements.define(e,t):n.addInitializer(()=>{customElements.define(e,t)})},On={attribute:!0,type:String,converter:Wt,reflect:!1,hasChanged:Gt},kn=(e=On,t,n)=>{let{kind:r,metadata:i}=n,a=globalThis.litPropertyMetadata.get(i);if(a===void 0&&globalThis.litPropertyMetadata.set(i,a=new Map),r===`setter`&&((e=Object.create(e)).wrapped=!0),a.set(n.name,e),r===`accessor`){let{name:r}=n;return{set(n){let i=t.get.call(this);t.set.call(this,n),this.requestUpdate(r,i,e,!0,n)},init(t){return t!==void 0&&this.C(r,void 0,e,t),t}}}if(r===`setter`){let{name:r}=n;return function(n){let i=this[r];t.call(this,n),this.requestUpdate(r,i,e,!0,n)}}throw Error(`Unsupported decorator location: `+r)};function H(e){return(t,n)=>typeof n==`object`?kn(e,t,n):((e,t,n)=>{let r=t.hasOwnProperty(n);return t.constructor.createProperty(n,e),r?Object.getOwnPropertyDescriptor(t,n):void 0})(e,t,n)}var An=3.78,U=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},W=class extends B{constructor(){super(...arguments),this.color=`red`,this.offColor=`#444`,this.background=`black`,this.digits=1,this.colon=!1,this.colonValue=!1,this.pins=`top`,this.values=[0,0,0,0,0,0,0,0]}get pinInfo(){let e=e=>{let{startX:t,cols:n,bottomY:r}=this.pinPositions,i=(e-1)%n,a=1-Math.floor((e-1)/n),o=t+1.27+(a?i:n-i-1)*2.54,s=this.pins===`top`?a?r+1:1:a?r+2:0;return{number:e,x:o*An,y:s*An}};switch(this.digits){case 4:return[{name:`A`,...e(13),signals:[],description:`Segment A`},{name:`B`,...e(9),signals:[],description:`Segment B`},{name:`C`,...e(4),signals:[],description:`Segment C`},{name:`D`,...e(2),signals:[],description:`Segment D`},{name:`E`,...e(1),signals:[],description:`Segment E`},{name:`F`,...e(12),signals:[],description:`Segment F`},{name:`G`,...e(5),signals:[],description:`Segment G`},{name:`DP`,...e(3),signals:[],description:`Decimal Point`},{name:`DIG1`,...e(14),signals:[],description:`Digit 1 Common`},{name:`DIG2`,...e(11),signals:[],description:`Digit 2 Common`},{name:`DIG3`,...e(10),signals:[],description:`Digit 3 Common`},{name:`DIG4`,...e(6),signals:[],description:`Digit 4 Common`},{name:`COM`,...e(7),signals:[],description:`Common pin`},{name:`CLN`,...e(8),signals:[],description:`Colon`}];case 3:return[{name:`A`,...e(11),signals:[],description:`Segment A`},{name:`B`,...e(7),signals:[],description:`Segment B`},{name:`C`,...e(4),signals:[],description:`Segment C`},{name:`D`,...e(2),signals:[],description:`Segment D`},{name:`E`,...e(1),signals:[],description:`Segment E`},{name:`F`,...e(10),signals:[],description:`Segment F`},{name:`G`,...e(5),signals:[],description:`Segment G`},{name:`DP`,...e(3),signals:[],description:`Decimal Point`},{name:`DIG1`,...e(12),signals:[],description:`Digit 1 Common`},{name:`DIG2`,...e(9),signals:[],description:`Digit 2 Common`},{name:`DIG3`,...e(8),signals:[],description:`Digit 3 Common`}];case 2:return[{name:`DIG1`,...e(8),signals:[],description:`Digit 1 Common`},{name:`DIG2`,...e(7),signals:[],description:`Digit 2 Common`},{name:`A`,...e(10),signals:[],description:`Segment A`},{name:`B`,...e(9),signals:[],description:`Segment B`},{name:`C`,...e(1),signals:[],description:`Segment C`},{name:`D`,...e(4),signals:[],description:`Segment D`},{name:`E`,...e(3),signals:[],description:`Segment E`},{name:`F`,...e(6),signals:[],description:`Segment F`},{name:`G`,...e(5),signals:[],description:`Segment G`},{name:`DP`,...e(2),signals:[],description:`Decimal Point`}];default:return[{name:`COM.1`,...e(3),signals:[],description:`Common`},{name:`COM.2`,...e(8),signals:[],description:`Common`},{name:`A`,...e(7),signals:[],description:`Segment A`},{name:`B`,...e(6),signals:[],description:`Segment B`},{name:`C`,...e(4),signals:[],description:`Segment C`},{name:`D`,...e(2),signals:[],description:`Segment D`},{name:`E`,...e(1),signals:[],description:`Segment E`},{name:`F`,...e(9),signals:[],description:`Segment F`},{name:`G`,...e(10),signals:[],description:`Segment G`},{name:`DP`,...e(5),signals:[],description:`Decimal Point`}]}}static get styles(){return k`
      polygon {
        transform: scale(0.9);
        transform-origin: 50% 50%;
        transform-box: fill-box;
      }
    `}get pinPositions(){let{digits:e}=this,t=Math.ceil((e===4?14:e===3?12:10)/2);return{startX:(12.55*e-t*2.54)/2,bottomY:this.pins===`extend`?21:18,cols:t}}get yOffset(){return this.pins===`extend`?2:0}update(e){(e.has(`digits`)||e.has(`pins`))&&this.dispatchEvent(new CustomEvent(`pininfo-change`)),super.update(e)}renderDigit(e,t){let n=e=>this.values[t+e]?this.color:this.offColor;return F`
      <g transform="skewX(-8) translate(${e}, ${this.yOffset+2.4}) scale(0.81)">
        <polygon points="2 0 8 0 9 1 8 2 2 2 1 1" fill="${n(0)}" />
        <polygon points="10 2 10 8 9 9 8 8 8 2 9 1" fill="${n(1)}" />
        <polygon points="10 10 10 16 9 17 8 16 8 10 9 9" fill="${n(2)}" />
        <polygon points="8 18 2 18 1 17 2 16 8 16 9 17" fill="${n(3)}" />
        <polygon points="0 16 0 10 1 9 2 10 2 16 1 17" fill="${n(4)}" />
        <polygon points="0 8 0 2 1 1 2 2 2 8 1 9" fill=${n(5)} />
        <polygon points="2 8 8 8 9 9 8 10 2 10 1 9" fill=${n(6)} />
      </g>
      <circle cx="${e+7.4}" cy="${this.yOffset+16}" r="0.89" fill="${n(7)}" />
    `}renderColon(){let{yOffset:e}=this,t=1.5+12.7*Math.round(this.digits/2);return F`
      <g transform="skewX(-8)"  fill="${this.colonValue?this.color:this.offColor}">
        <circle cx="${t}" cy="${e+5.75}" r="0.89" />
        <circle cx="${t}" cy="${e+13.25}" r="0.89" />
      </g>
    `}renderPins(){let{cols:e,bottomY:t,startX:n}=this.pinPositions;return F`
      <g fill="url(#pin-pattern)" transform="translate(${n}, 0)">
        <rect height="2" width=${e*2.54} />
        <rect height="2" width=${e*2.54} transform="translate(0, ${t})" />
      </g>
    `}render(){let{digits:e,colon:t,pins:n,yOffset:r}=this,i=12.55*e,a=n===`extend`?23:22,o=[];for(let t=0;t<e;t++)o.push(this.renderDigit(3.5+t*12.7,t*8));return P`
      <svg
        width="${i}mm"
        height="${a}mm"
        version="1.1"
        viewBox="0 0 ${i} ${a}"
        xmlns="http://www.w3.org/2000/svg"
      >
        <defs>
          <pattern id="pin-pattern" height="2" width="2.54" patternUnits="userSpaceOnUse">
            ${n===`extend`?F`<rect x="1.02" y="0" height="2" width="0.5" fill="#aaa" />`:F`<circle cx="1.27" cy="1" r="0.5" fill="#aaa" />`}
          </pattern>
        </defs>
        <rect x="0" y="${r}" width="${i}" height="20.5" />
        ${o}<!-- -->
        ${t?this.renderColon():null}<!-- -->
        ${n===`none`?null:this.renderPins()}
      </svg>
    `}};U([H()],W.prototype,`color`,void 0),U([H()],W.prototype,`offColor`,void 0),U([H()],W.prototype,`background`,void 0),U([H({type:Number})],W.prototype,`digits`,void 0),U([H({type:Boolean})],W.prototype,`colon`,void 0),U([H({type:Boolean})],W.prototype,`colonValue`,void 0),U([H()],W.prototype,`pins`,void 0),U([H({type:Array})],W.prototype,`values`,void 0),W=U([V(`wokwi-7segment`)],W);var jn=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},Mn=class extends B{constructor(){super(...arguments),this.hasSignal=!1,this.pinInfo=[{name:`1`,x:27,y:84,signals:[]},{name:`2`,x:37,y:84,signals:[]}]}static get styles(){return k`
      :host {
        display: inline-block;
      }

      .buzzer-container {
        display: flex;
        flex-direction: column;
        width: 75px;
      }

      .music-note {
        position: relative;
        left: 40px;
        animation-duration: 1.5s;
        animation-name: animate-note;
        animation-iteration-count: infinite;
        animation-timing-function: linear;
        transform: scale(1.5);
        fill: blue;
        offset-path: path(
          'm0 0c-0.9-0.92-1.8-1.8-2.4-2.8-0.56-0.92-0.78-1.8-0.58-2.8 0.2-0.92 0.82-1.8 1.6-2.8 0.81-0.92 1.8-1.8 2.6-2.8 0.81-0.92 1.4-1.8 1.6-2.8 0.2-0.92-0.02-1.8-0.58-2.8-0.56-0.92-1.5-1.8-2.4-2.8'
        );
        offset-rotate: 0deg;
      }

      @keyframes animate-note {
        0% {
          offset-distance: 0%;
          opacity: 0;
        }
        10% {
          offset-distance: 10%;
          opacity: 1;
        }
        75% {
          offset-distance: 75%;
          opacity: 1;
        }
        100% {
          offset-distance: 100%;
          opacity: 0;
        }
      }
    `}renderSVG(){return P`<svg
      width="17mm"
      height="20mm"
      version="1.1"
      viewBox="0 0 17 20"
      xmlns="http://www.w3.org/2000/svg"
    >
      <path d="m7.23 16.5v3.5" fill="none" stroke="#000" stroke-width=".5" />
      <path d="m9.77 16.5v3.5" fill="#f00" stroke="#f00" stroke-width=".5" />
      <g stroke="#000">
        <g>
          <ellipse cx="8.5" cy="8.5" rx="8.15" ry="8.15" fill="#1a1a1a" stroke-width=".7" />
          <circle
            cx="8.5"
            cy="8.5"
            r="6.3472"
            fill="none"
            stroke-width=".3"
            style="paint-order:normal"
          />
          <circle
            cx="8.5"
            cy="8.5"
            r="4.3488"
            fill="none"
            stroke-width=".3"
            style="paint-order:normal"
          />
        </g>
        <circle cx="8.5" cy="8.5" r="1.3744" fill="#ccc" stroke-width=".25" />
      </g>
    </svg>`}render(){return P`
      <div class="buzzer-container">
        <svg
          class="music-note"
          style="visibility: ${this.hasSignal?``:`hidden`}"
          xmlns="http://www.w3.org/2000/svg"
          width="8"
          height="8"
          viewBox="0 0 8 8"
        >
          <path
            d="M8 0c-5 0-6 1-6 1v4.09c-.15-.05-.33-.09-.5-.09-.83 0-1.5.67-1.5 1.5s.67 1.5 1.5 1.5 1.5-.67 1.5-1.5v-3.97c.73-.23 1.99-.44 4-.5v2.06c-.15-.05-.33-.09-.5-.09-.83 0-1.5.67-1.5 1.5s.67 1.5 1.5 1.5 1.5-.67 1.5-1.5v-5.5z"
          />
        </svg>
        ${this.renderSVG()}
      </div>
    `}};jn([H()],Mn.prototype,`hasSignal`,void 0),Mn=jn([V(`wokwi-buzzer`)],Mn);var Nn=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},Pn=class extends B{constructor(){super(...arguments),this.pinInfo=[{name:`VCC`,x:15,y:114.9,signals:[{type:`power`,signal:`VCC`}],number:1},{name:`SDA`,x:24.5,y:114.9,signals:[],number:2},{name:`NC`,x:34.1,y:114.9,signals:[],number:3},{name:`GND`,x:43.8,y:114.9,signals:[{type:`power`,signal:`GND`}],number:4}]}render(){return P`
      <svg
        width="15.1mm"
        height="30.885mm"
        version="1.1"
        viewBox="0 0 15.1 30.885"
        xmlns="http://www.w3.org/2000/svg"
      >
        <g fill="#ccc" stroke-linecap="round" stroke-width=".21">
          <rect x="3.57" y="23.885" width=".75" height="7" rx=".2" />
          <rect x="6.11" y="23.885" width=".75" height="7" rx=".2" />
          <rect x="8.65" y="23.885" width=".75" height="7" rx=".2" />
          <rect x="11.19" y="23.885" width=".75" height="7" rx=".2" />
        </g>
        <path
          d="M15.05 23.995V5.033m0 0c0-.107-1.069-4.962-2.662-4.96L2.803.09C1.193.09.05 4.926.05 5.033v18.962c0 .107.086.192.192.192h14.616a.192.192 0 00.192-.192M7.615.948h.004c1.08 0 1.956.847 1.956 1.892s-.876 1.892-1.956 1.892-1.956-.847-1.956-1.892c0-1.044.873-1.89 1.952-1.892zM4.967 8.66H5.9a.21.21 0 01.211.21v.935a.21.21 0 01-.21.21h-.934a.21.21 0 01-.212-.21V8.87a.21.21 0 01.212-.211zm2.168 0h.934a.21.21 0 01.21.21v.935a.21.21 0 01-.21.21h-.934a.21.21 0 01-.21-.21V8.87a.21.21 0 01.21-.211zm2.152 0h.935a.21.21 0 01.21.21v.935a.21.21 0 01-.21.21h-.935a.21.21 0 01-.21-.21V8.87a.21.21 0 01.21-.211zm5.757 0v1.356m0 0h-3.217a.553.553 0 01-.554-.554v-.249a.55.55 0 01.554-.553h3.217M.05 8.66h3.282c.307 0 .554.247.554.553v.25a.552.552 0 01-.554.553H.05m0 1.054h3.282c.307 0 .554.247.554.554v.249a.552.552 0 01-.554.554H.05m4.917-1.357H5.9a.21.21 0 01.211.211v.934a.21.21 0 01-.21.211h-.934a.21.21 0 01-.212-.21v-.935a.21.21 0 01.212-.21zm2.168 0h.934a.21.21 0 01.211.211v.934a.21.21 0 01-.211.211h-.934a.21.21 0 01-.21-.21v-.935a.21.21 0 01.21-.21zm2.153 0h.934a.21.21 0 01.21.211v.934a.21.21 0 01-.21.211h-.934a.21.21 0 01-.211-.21v-.935a.21.21 0 01.21-.21zm2.539 0h3.217v1.356h-3.217a.552.552 0 01-.554-.553v-.25c0-.306.247-.553.554-.553zM.05 13.547h3.282c.307 0 .553.247.553.554v.249a.552.552 0 01-.553.553H.05m4.916-1.356H5.9a.21.21 0 01.211.211v.934a.21.21 0 01-.21.211h-.935a.21.21 0 01-.21-.21v-.935a.21.21 0 01.21-.21zm2.169 0h.933a.21.21 0 01.212.211v.934a.21.21 0 01-.212.211h-.933a.21.21 0 01-.211-.21v-.935a.21.21 0 01.21-.21zm2.152 0h.934a.21.21 0 01.211.211v.934a.21.21 0 01-.21.211h-.935a.21.21 0 01-.21-.21v-.935a.21.21 0 01.21-.21zm5.757 1.356h-3.217a.552.552 0 01-.554-.553v-.25c0-.306.247-.553.554-.553h3.217m0 3.791h-3.218a.553.553 0 01-.553-.554v-.249c0-.306.247-.553.553-.553h3.218m-14.994 0h3.282c.307 0 .553.247.553.553v.25a.552.552 0 01-.553.553H.05m4.916-1.356H5.9a.21.21 0 01.211.211v.934a.21.21 0 01-.21.21h-.935a.21.21 0 01-.21-.21v-.934a.21.21 0 01.21-.21zm2.169 0h.934a.21.21 0 01.21.211v.934a.21.21 0 01-.21.21h-.934a.21.21 0 01-.211-.21v-.934a.21.21 0 01.211-.21zm2.152 0h.934a.21.21 0 01.211.211v.934a.21.21 0 01-.21.21h-.935a.21.21 0 01-.21-.21v-.934a.21.21 0 01.21-.21zM.05 18.362h3.282c.307 0 .553.247.553.554v.25a.552.552 0 01-.553.552H.05m4.916-1.355H5.9a.21.21 0 01.211.21v.934a.21.21 0 01-.21.211h-.935a.21.21 0 01-.21-.21v-.934a.21.21 0 01.21-.211zm2.169 0h.933a.21.21 0 01.212.21v.934a.21.21 0 01-.212.211h-.933a.21.21 0 01-.211-.21v-.934a.21.21 0 01.21-.211zm2.152 0h.934a.21.21 0 01.211.21v.934a.21.21 0 01-.21.211h-.935a.21.21 0 01-.21-.21v-.934a.21.21 0 01.21-.211zm5.757 1.355h-3.218a.552.552 0 01-.553-.553v-.25c0-.306.247-.552.553-.552h3.218M10.49 5.056V7.31a.192.192 0 01-.193.193h-.85a.192.192 0 01-.193-.193V5.056H8.23v2.286a.192.192 0 01-.192.192h-.851a.192.192 0 01-.193-.192V5.056H5.94v2.286a.192.192 0 01-.193.192h-.85a.192.192 0 01-.193-.192V5.056C.033 5.025.05 5.033.05 5.033m15 0l-4.56.023v0"
          fill="#f2f2f2"
          stroke="#000"
          stroke-linecap="round"
          stroke-width=".1"
        />
        <text
          x="3.7415893"
          y="22.863354"
          fill="#000000"
          font-family="sans-serif"
          font-size="2.2px"
          stroke-width=".05"
          style="line-height:1.25"
        >
          DHT22
        </text>
      </svg>
    `}};Pn=Nn([V(`wokwi-dht22`)],Pn);var Fn=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},In=class extends B{constructor(){super(...arguments),this.pinInfo=[{name:`VCC`,x:71.3,y:94.5,signals:[{type:`power`,signal:`VCC`,voltage:5}]},{name:`TRIG`,x:81.3,y:94.5,signals:[]},{name:`ECHO`,x:91.3,y:94.5,signals:[]},{name:`GND`,x:101.3,y:94.5,signals:[{type:`power`,signal:`GND`}]}]}render(){return P`
      <svg
        xmlns="http://www.w3.org/2000/svg"
        xmlns:xlink="http://www.w3.org/1999/xlink"
        viewBox="0 0 45 25"
        height="25mm"
        width="45mm"
        font-family="monospace"
      >
        <defs>
          <pattern patternUnits="userSpaceOnUse" width="2" height="2" id="checkerboard">
            <path d="M0 0h1v1H0zM1 1h1v1H1z" />
          </pattern>
          <radialGradient id="grad1" cx="8.96" cy="10.04" r="3.58" gradientUnits="userSpaceOnUse">
            <stop stop-color="#777" offset="0" />
            <stop stop-color="#b9b9b9" offset="1" />
          </radialGradient>
          <g id="sensor-unit">
            <circle cx="8.98" cy="10" r="8.61" fill="#dcdcdc" />
            <circle cx="8.98" cy="10" r="7.17" fill="#222" />
            <circle cx="8.98" cy="10" r="5.53" fill="#777" fill-opacity=".992" />
            <circle cx="8.98" cy="10" r="3.59" fill="url(#grad1)" />
            <circle cx="8.99" cy="10" r=".277" fill="#777" fill-opacity=".818" />
            <circle cx="8.98" cy="10" r="5.53" fill="url(#checkerboard)" opacity=".397" />
          </g>
        </defs>
        <path
          d="M0 0v20.948h45V0zm1.422.464a1 1 0 01.004 0 1 1 0 011 1 1 1 0 01-1 1 1 1 0 01-1-1 1 1 0 01.996-1zm41.956 0a1 1 0 01.004 0 1 1 0 011 1 1 1 0 01-1 1 1 1 0 01-1-1 1 1 0 01.996-1zM1.422 18.484a1 1 0 01.004 0 1 1 0 011 1 1 1 0 01-1 1 1 1 0 01-1-1 1 1 0 01.996-1zm41.956 0a1 1 0 01.004 0 1 1 0 011 1 1 1 0 01-1 1 1 1 0 01-1-1 1 1 0 01.996-1z"
          fill="#456f93"
        />
        <path
          d="M15.293 5.888l2.934-2.934v3.124l2.944 2.943v10.143M23.269 19.037v-2.473l-.966-.965v-12.5l2.577 1.488 4.741 4.741"
          fill="none"
          stroke="#355a7c"
          stroke-width=".858"
        />
        <use xlink:href="#sensor-unit" />
        <use xlink:href="#sensor-unit" x="27.12" />
        <g fill="none" stroke="#505132" stroke-width=".368">
          <circle cx="43.4" cy="1.46" r="1" />
          <circle cx="43.4" cy="19.5" r="1" />
          <circle cx="1.43" cy="1.46" r="1" />
          <circle cx="1.43" cy="19.5" r="1" />
        </g>
        <rect
          ry="2.07"
          y=".626"
          x="17.111"
          height="4.139"
          width="10.272"
          fill="#878787"
          stroke="#424242"
          stroke-width=".368"
        />
        <g fill="black">
          <rect x="17.87" y="18" ry=".568" width="2.25" height="2.271" />
          <rect x="20.41" y="18" ry=".568" width="2.25" height="2.271" />
          <rect x="22.95" y="18" ry=".568" width="2.25" height="2.271" />
          <rect x="25.49" y="18" ry=".568" width="2.25" height="2.271" />
        </g>
        <g fill="#ccc" stroke-linecap="round" stroke-width=".21">
          <rect x="18.61" y="19" width=".75" height="7" rx=".2" />
          <rect x="21.15" y="19" width=".75" height="7" rx=".2" />
          <rect x="23.69" y="19" width=".75" height="7" rx=".2" />
          <rect x="26.23" y="19" width=".75" height="7" rx=".2" />
        </g>
        <text font-weight="400" font-size="2.2" fill="#e6e6e6" stroke-width=".055">
          <tspan y="8" x="17.6">HC-SR04</tspan>
        </text>
        <text
          transform="rotate(-90)"
          font-weight="400"
          font-size="1.55"
          fill="#e6e6e6"
          stroke-width=".039"
        >
          <tspan x="-17.591" y="19.561">VCC</tspan>
          <tspan x="-17.591" y="22.101">TRIG</tspan>
          <tspan x="-17.591" y="24.641">ECHO</tspan>
          <tspan x="-17.591" y="27.181">GND</tspan>
        </text>
      </svg>
    `}};In=Fn([V(`wokwi-hc-sr04`)],In);var Ln=e=>({type:`analog`,channel:e}),Rn=(e,t=0)=>({type:`i2c`,signal:e,bus:t}),zn=(e,t=0)=>({type:`spi`,signal:e,bus:t}),Bn=()=>({type:`power`,signal:`GND`}),Vn=e=>({type:`power`,signal:`VCC`,voltage:e}),Hn=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},Un=class extends B{constructor(){super(...arguments),this.angle=0,this.stepSize=18,this.pressed=!1,this.arrowTimer=null,this.pinInfo=[{name:`CLK`,y:7.9,x:116,number:1,signals:[]},{name:`DT`,y:17.4,x:116,number:2,signals:[]},{name:`SW`,y:27,x:116,number:3,signals:[]},{name:`VCC`,y:36.3,x:116,number:4,signals:[Vn()]},{name:`GND`,y:45.5,x:116,number:5,signals:[Bn()]}]}static get styles(){return k`
      svg {
        user-select: none;
      }

      .arrow-container {
        cursor: pointer;
      }

      svg:hover .arrow {
        fill: #666;
        stroke: #666;
        stroke-width: 1.5px;
        transition: stroke-width 0.3s;
      }

      .arrow-container:hover .arrow {
        fill: white;
      }

      svg:hover .handle:hover {
        stroke: #ccc;
        stroke-width: 1.5px;
        transition: stroke-width 0.3s;
      }

      svg:hover .handle.active {
        fill: white;
        stroke: white;
        stroke-width: 1.5px;
        transition: stroke-width 0.3s;
      }

      .handle {
        cursor: pointer;
      }

      g[tabindex]:focus {
        outline: none;
      }

      g[tabindex]:focus + .focus-indicator {
        opacity: 1;
      }
    `}render(){return P`
      <svg
        width="30.815mm"
        height="18.63mm"
        version="1.1"
        viewBox="0 0 116 70.4"
        xmlns="http://www.w3.org/2000/svg"
        xmlns:xlink="http://www.w3.org/1999/xlink"
      >
        <defs>
          <linearGradient
            id="a"
            x1="158"
            x2="170"
            y1="86.5"
            y2="86.5"
            gradientTransform="translate(-75.1 -60.1)"
            gradientUnits="userSpaceOnUse"
          >
            <stop stop-color="#4d4d4d" offset="0" />
            <stop stop-color="#4d4d4d" stop-opacity="0" offset="1" />
          </linearGradient>
        </defs>

        <!-- Board -->
        <path
          d="m0 0v70.4h99v-70.4zm18 56.5a6.5 6.5 0 0 1 6.5 6.5 6.5 6.5 0 0 1-6.5 6.5 6.5 6.5 0 0 1-6.5-6.5 6.5 6.5 0 0 1 6.5-6.5zm63.8 0.213a6.5 6.5 0 0 1 6.5 6.5 6.5 6.5 0 0 1-6.5 6.5 6.5 6.5 0 0 1-6.5-6.5 6.5 6.5 0 0 1 6.5-6.5z"
          fill="#1a1a1a"
          fill-rule="evenodd"
        />

        <!-- Rotator -->
        <g fill="#ccc" fill-rule="evenodd">
          <rect x="9.05" y="17.4" width="6.95" height="2.47" rx=".756" />
          <rect x="9.15" y="26.5" width="6.95" height="2.47" rx=".756" />
          <rect x="9.05" y="36.1" width="6.95" height="2.47" rx=".756" />
        </g>

        <g tabindex="0" @keydown=${this.keydown} @keyup=${this.keyup}>
          <rect x="12.2" y="8.05" width="48.4" height="41" rx="7.12" fill="#e6e6e6" />

          <circle cx="36.6" cy="28.5" r="13.5" fill="#666" />
          <rect x="32.5" y="7.87" width="7.42" height="41.5" fill="#666" />

          <!-- Handle -->
          <path
            transform="rotate(${this.angle}, 36.244, 28.5)"
            d="m36.3 21.4a7.03 7.14 0 0
              0-3.74 1.1v12.1a7.03 7.14 0 0 0 3.74 1.1 7.03 7.14 0 0 0 7.03-7.14 7.03 7.14 0 0
              0-7.03-7.14z"
            fill="#ccc"
            stroke="#060606"
            stroke-width=".3"
            class="handle ${this.pressed?`active`:``}"
            @mousedown=${this.press}
            @mouseup=${this.release}
            @mouseleave=${this.release}
          />

          <!-- Counter Clockwise Arrow -->
          <g
            class="arrow-container"
            @click=${this.counterClockwiseStep}
            @mousedown=${this.counterclockwiseArrowPress}
            @mouseup=${this.arrowRelease}
            @mouseleave=${this.arrowRelease}
          >
            <circle cx="20" cy="43" r="12" fill="red" opacity="0" />
            <path
              d="m21 44.5c-5.17-1.78-7.55-5.53-6.6-11.2 0.0662-0.327 0.107-0.938 0.272-1.06 0.204-0.137 0.312-0.116 0.39-0.1 0.0775 0.0152 0.139 0.0274 0.189 0.102 0.846 3.81 3.13 6.84 6.57 7.59 0.304-0.787 0.461-3.32 0.826-3.24 0.428 0.0848 4.31 5.73 4.93 6.65-0.978 0.839-6.07 4.44-6.95 4.28 0 0 0.206-2.19 0.362-2.96z"
              fill="#b3b3b3"
              stroke="#000"
              stroke-width=".0625px"
              class="arrow"
            />
          </g>

          <!-- Clockwise Arrow -->
          <g
            class="arrow-container"
            @click=${this.clockwiseStep}
            @mousedown=${this.clockwiseArrowPress}
            @mouseup=${this.arrowRelease}
            @mouseleave=${this.arrowRelease}
          >
            <circle cx="20" cy="15" r="12" fill="red" opacity="0" />
            <path
              d="m21.2 12.1c-5.17 1.78-7.55 5.53-6.6 11.2 0.0662 0.327 0.107 0.938 0.272 1.06 0.204 0.137 0.312 0.116 0.39 0.1 0.0775-0.0152 0.139-0.0274 0.189-0.102 0.846-3.81 3.13-6.84 6.57-7.59 0.304 0.787 0.461 3.32 0.826 3.24 0.428-0.0848 4.31-5.73 4.93-6.65-0.978-0.839-6.07-4.44-6.95-4.28 0 0 0.206 2.19 0.362 2.96z"
              fill="#b3b3b3"
              stroke="#022"
              stroke-width=".0625px"
              class="arrow"
            />
          </g>
        </g>

        <!-- Focus indicator for the group above-->
        <rect
          class="focus-indicator"
          x="10.2"
          y="6.05"
          width="52.4"
          height="45"
          rx="7.12"
          stroke="white"
          stroke-width="2"
          fill="none"
          opacity="0"
        />

        <!-- Chip Pins -->
        <rect
          x="83"
          y="1.72"
          width="10.9"
          height="49.2"
          fill="url(#a)"
          fill-rule="evenodd"
          opacity=".65"
          stroke="#fff"
          stroke-width="1.16"
        />
        <g fill="#ccc" fill-rule="evenodd">
          <rect x="86.9" y="6.54" width="28.9" height="2.47" rx=".877" />
          <rect x="86.8" y="15.9" width="28.9" height="2.47" rx=".877" />
          <rect x="87.1" y="25.6" width="28.9" height="2.47" rx=".877" />
          <rect x="87.1" y="34.9" width="28.9" height="2.47" rx=".877" />
          <rect x="87.6" y="44.1" width="28.9" height="2.47" rx=".877" />
        </g>
        <g fill="#ffffff" font-family="sans-serif" letter-spacing="0px" word-spacing="0px">
          <text x="65.55" y="12.13" font-size="7.29px" fill="#ffffff" stroke-width=".182">CLK</text>
          <text x="65.02" y="21.93" font-size="7.44px" fill="#ffffff">DT</text>
          <text x="65.29" y="31.26" font-size="7.54px" fill="#ffffff">SW</text>
          <text x="70.42" y="39.99" font-size="6.82px" fill="#ffffff">+</text>
          <text x="64.31" y="49.74" font-size="7.59px" fill="#ffffff">GND</text>
        </g>
      </svg>
    `}clockwiseStep(){this.angle=(this.angle+this.stepSize)%360,this.dispatchEvent(new InputEvent(`rotate-cw`))}counterClockwiseStep(){this.angle=(this.angle-this.stepSize+360)%360,this.dispatchEvent(new InputEvent(`rotate-ccw`))}press(){this.pressed||=(this.dispatchEvent(new InputEvent(`button-press`)),!0)}release(){this.pressed&&=(this.dispatchEvent(new InputEvent(`button-release`)),!1)}counterclockwiseArrowPress(){this.arrowTimer=setInterval(()=>{this.counterClockwiseStep()},300)}clockwiseArrowPress(){this.arrowTimer=setInterval(()=>{this.clockwiseStep()},300)}arrowRelease(){this.arrowTimer!=null&&(clearInterval(this.arrowTimer),this.arrowTimer=null)}keydown(e){switch(e.key){case`ArrowUp`:case`ArrowRight`:this.clockwiseStep(),e.preventDefault();break;case`ArrowDown`:case`ArrowLeft`:this.counterClockwiseStep(),e.preventDefault();break;case` `:this.press(),e.preventDefault()}}keyup(e){e.key===` `&&(e.preventDefault(),this.release())}};Hn([H()],Un.prototype,`angle`,void 0),Hn([H()],Un.prototype,`stepSize`,void 0),Hn([H()],Un.prototype,`pressed`,void 0),Un=Hn([V(`wokwi-ky-040`)],Un);var G=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},Wn={red:`#ff8080`,green:`#80ff80`,blue:`#8080ff`,yellow:`#ffff80`,orange:`#ffcf80`,white:`#ffffff`,purple:`#ff80ff`},K=class extends B{constructor(){super(...arguments),this.value=!1,this.brightness=1,this.color=`red`,this.lightColor=null,this.label=``,this.flip=!1}get pinInfo(){let e=this.flip?15:25,t=this.flip?25:15;return[{name:`A`,x:e,y:42,signals:[],description:`Anode`},{name:`C`,x:t,y:42,signals:[],description:`Cathode`}]}static get styles(){return k`
      :host {
        display: inline-block;
      }

      .led-container {
        display: flex;
        flex-direction: column;
        width: 40px;
      }

      .led-label {
        font-size: 10px;
        text-align: center;
        color: gray;
        position: relative;
        line-height: 1;
        top: -8px;
      }
    `}update(e){e.has(`flip`)&&this.dispatchEvent(new CustomEvent(`pininfo-change`)),super.update(e)}renderSVG(){let{color:e,lightColor:t,flip:n}=this,r=t||Wn[e?.toLowerCase()]||e,i=this.brightness?.3+this.brightness*.7:0,a=this.value&&this.brightness>2**-52;return P`<svg
      width="40"
      height="50"
      transform="scale(${n?-1:1} 1)"
      version="1.2"
      viewBox="-10 -5 35.456 39.618"
      xmlns="http://www.w3.org/2000/svg"
    >
      <filter id="light1" x="-0.8" y="-0.8" height="2.2" width="2.8">
        <feGaussianBlur stdDeviation="2" />
      </filter>
      <filter id="light2" x="-0.8" y="-0.8" height="2.2" width="2.8">
        <feGaussianBlur stdDeviation="4" />
      </filter>
      <rect x="2.5099" y="20.382" width="2.1514" height="9.8273" fill="#8c8c8c" />
      <path
        d="m12.977 30.269c0-1.1736-0.86844-2.5132-1.8916-3.4024-0.41616-0.3672-1.1995-1.0015-1.1995-1.4249v-5.4706h-2.1614v5.7802c0 1.0584 0.94752 1.8785 1.9462 2.7482 0.44424 0.37584 1.3486 1.2496 1.3486 1.7694"
        fill="#8c8c8c"
      />

      <path
        d="m14.173 13.001v-5.9126c0-3.9132-3.168-7.0884-7.0855-7.0884-3.9125 0-7.0877 3.1694-7.0877 7.0884v13.649c1.4738 1.651 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8594v-1.5235c-7.4e-4 -1.1426-0.47444-2.2039-1.283-3.1061z"
        opacity=".3"
      />
      <path
        d="m14.173 13.001v-5.9126c0-3.9132-3.168-7.0884-7.0855-7.0884-3.9125 0-7.0877 3.1694-7.0877 7.0884v13.649c1.4738 1.651 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8594v-1.5235c-7.4e-4 -1.1426-0.47444-2.2039-1.283-3.1061z"
        fill="#e6e6e6"
        opacity=".5"
      />
      <path
        d="m14.173 13.001v3.1054c0 2.7389-3.1658 4.9651-7.0855 4.9651-3.9125 2e-5 -7.0877-2.219-7.0877-4.9651v4.6296c1.4738 1.6517 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8586l-4e-5 -1.5235c-7e-4 -1.1419-0.4744-2.2032-1.283-3.1054z"
        fill="#d1d1d1"
        opacity=".9"
      />
      <g>
        <path
          d="m14.173 13.001v3.1054c0 2.7389-3.1658 4.9651-7.0855 4.9651-3.9125 2e-5 -7.0877-2.219-7.0877-4.9651v4.6296c1.4738 1.6517 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8586l-4e-5 -1.5235c-7e-4 -1.1419-0.4744-2.2032-1.283-3.1054z"
          opacity=".7"
        />
        <path
          d="m14.173 13.001v3.1054c0 2.7389-3.1658 4.9651-7.0855 4.9651-3.9125 2e-5 -7.0877-2.219-7.0877-4.9651v3.1054c1.4738 1.6502 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8586-7.4e-4 -1.1412-0.47444-2.2025-1.283-3.1047z"
          opacity=".25"
        />
        <ellipse cx="7.0877" cy="16.106" rx="7.087" ry="4.9608" opacity=".25" />
      </g>
      <polygon
        points="2.2032 16.107 3.1961 16.107 3.1961 13.095 6.0156 13.095 10.012 8.8049 3.407 8.8049 2.2032 9.648"
        fill="#666666"
      />
      <polygon
        points="11.215 9.0338 7.4117 13.095 11.06 13.095 11.06 16.107 11.974 16.107 11.974 8.5241 10.778 8.5241"
        fill="#666666"
      />
      <path
        d="m14.173 13.001v-5.9126c0-3.9132-3.168-7.0884-7.0855-7.0884-3.9125 0-7.0877 3.1694-7.0877 7.0884v13.649c1.4738 1.651 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8594v-1.5235c-7.4e-4 -1.1426-0.47444-2.2039-1.283-3.1061z"
        fill="${e}"
        opacity=".65"
      />
      <g fill="#ffffff">
        <path
          d="m10.388 3.7541 1.4364-0.2736c-0.84168-1.1318-2.0822-1.9577-3.5417-2.2385l0.25416 1.0807c0.76388 0.27072 1.4068 0.78048 1.8511 1.4314z"
          opacity=".5"
        />
        <path
          d="m0.76824 19.926v1.5199c0.64872 0.5292 1.4335 0.97632 2.3076 1.3169v-1.525c-0.8784-0.33624-1.6567-0.78194-2.3076-1.3118z"
          opacity=".5"
        />
        <path
          d="m11.073 20.21c-0.2556 0.1224-0.52992 0.22968-0.80568 0.32976-0.05832 0.01944-0.11736 0.04032-0.17784 0.05832-0.56376 0.17928-1.1614 0.31896-1.795 0.39456-0.07488 0.0094-0.1512 0.01872-0.22464 0.01944-0.3204 0.03024-0.64368 0.05832-0.97056 0.05832-0.14832 0-0.30744-0.01512-0.4716-0.02376-1.2002-0.05688-2.3306-0.31464-3.2976-0.73944l-2e-5 -8.3895v-4.8254c0-1.471 0.84816-2.7295 2.0736-3.3494l-0.02232-0.05328-1.2478-1.512c-1.6697 1.003-2.79 2.8224-2.79 4.9118v11.905c-0.04968-0.04968-0.30816-0.30888-0.48024-0.52992l-0.30744 0.6876c1.4011 1.4818 3.8088 2.4617 6.5426 2.4617 1.6798 0 3.2371-0.37368 4.5115-1.0022l-0.52704-0.40896-0.01006 0.0072z"
          opacity=".5"
        />
      </g>
      <g class="light" style="display: ${a?``:`none`}">
        <ellipse
          cx="8"
          cy="10"
          rx="10"
          ry="10"
          fill="${r}"
          filter="url(#light2)"
          style="opacity: ${i}"
        ></ellipse>
        <ellipse cx="8" cy="10" rx="2" ry="2" fill="white" filter="url(#light1)"></ellipse>
        <ellipse
          cx="8"
          cy="10"
          rx="3"
          ry="3"
          fill="white"
          filter="url(#light1)"
          style="opacity: ${i}"
        ></ellipse>
      </g>
    </svg> `}render(){return P`
      <div class="led-container">
        ${this.renderSVG()}
        <span class="led-label">${this.label}</span>
      </div>
    `}};G([H()],K.prototype,`value`,void 0),G([H()],K.prototype,`brightness`,void 0),G([H()],K.prototype,`color`,void 0),G([H()],K.prototype,`lightColor`,void 0),G([H()],K.prototype,`label`,void 0),G([H({type:Boolean})],K.prototype,`flip`,void 0),K=G([V(`wokwi-led`)],K);var Gn=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},Kn=class extends B{constructor(){super(...arguments),this.pinInfo=[{name:`CD`,x:76.734,y:9.3744,signals:[]},{name:`DO`,x:76.734,y:18.8622,signals:[zn(`MISO`)]},{name:`GND`,x:76.734,y:28.4634,signals:[{type:`power`,signal:`GND`}]},{name:`SCK`,x:76.734,y:38.178,signals:[zn(`SCK`)]},{name:`VCC`,x:76.734,y:47.628,signals:[{type:`power`,signal:`VCC`}]},{name:`DI`,x:76.734,y:57.456,signals:[zn(`MOSI`)]},{name:`CS`,x:76.734,y:66.906,signals:[zn(`SS`)]}]}render(){return P`
      <svg
        width="21.6mm"
        height="20.4mm"
        version="1.1"
        viewBox="0 0 21.6 20.4"
        xmlns="http://www.w3.org/2000/svg"
      >
        <!-- Board -->
        <rect width="21.6" height="20.4" fill="#a1111b" />

        <!-- Card and socket -->
        <rect
          x="1.32"
          y="4.59"
          width="3.13"
          height="8.06"
          fill="#262626"
          stroke="#d5b7b5"
          stroke-width=".232"
        />
        <rect x="4.08" y=".0367" width="10.7" height="17.8" rx=".772" ry=".772" fill="#262626" />
        <path
          d="m3.79 2.49-1.62 0.0292v1.38c0.474 0.0438 0.486 0.0027 0.489 0.197 0.0026 0.194-0.0698 0.237-1.2 0.257v0.939c0.388 0.0184 0.665-0.0702 0.679 0.211l0.176 3.66-0.413 0.434 0.0207 0.733 0.103 0.114 1.15 0.031 0.114-0.114-0.031-0.764-0.361-0.403 0.0413-3.62c0.0103-0.258 0.176-0.283 0.176-0.283h0.34c0.109 0 0.197 0.0689 0.197 0.154v5.29c0 0.0856-0.088 0.154-0.197 0.154h-1.99v6.96h5.2c-0.0402-1.41-0.191-5.31-0.0968-6 0.0155-0.114 0.263-0.0662 0.272-0.0303 0.0551 0.222 0.0216 2.55 0.234 5.65 0.431 0.234 0.17-0.655 0.423-0.635 0.242 0.0186-0.0802 0.81 0.394 0.635 0.384-4 0.0656-5.8 0.365-5.71 0.299 0.0904-0.204 5.36 0.0438 6.09h4.18s-0.17-4.16-0.285-5.96c-0.0099-0.155 0.473-0.156 0.467 0-0.0653 1.63 0.0803 5.67 0.0803 5.67 0.533 0.0657 0.168-0.755 0.46-0.745 0.279 0.0104-0.0511 0.854 0.387 0.745 0 0 0.218-4.08 0.226-5.69 7.07e-4 -0.146 0.375-0.139 0.372 0.0073-0.0227 1.42-0.131 5.97-0.131 5.97h1.01l-0.0656-14.3s-0.24-0.0383-0.352 0.0012c-3.96 1.4-7.81 1.06-10.7-0.0304-0.175-0.212-0.146-0.993-0.146-0.993z"
          fill="#dbded9"
        />
        <rect
          x="5.84"
          y="6.42"
          width="3.97"
          height="1.97"
          rx=".3"
          ry=".3"
          fill="#262626"
          stroke="#ebebeb"
          stroke-width=".08"
        />
        <rect
          x="10.4"
          y="6.42"
          width="3.97"
          height="1.97"
          rx=".3"
          ry=".3"
          fill="#262626"
          stroke="#ebebeb"
          stroke-width=".08"
        />
        <path
          d="m4.08 1.21s2.37 0.327 5.27 0.327c2.9 0 5.42-0.327 5.42-0.327v0.57s-0.949 0.331-5.42 0.327c-4.47-0.0037-5.27-0.327-5.27-0.327z"
          fill="#020202"
          stroke="#000"
          stroke-width=".027"
        />
        <g fill="#fcfff9">
          <rect x="1.19" y="10.9" width=".275" height="6.95" />
          <rect x="1.19" y="4.36" width=".275" height=".945" />
          <rect x="1.84" y="2.52" width=".33" height="1.38" />
        </g>

        <!-- Pins & labels -->
        <text font-family="sans-serif" fill="#ffffff" font-size="1.6px" stroke-width=".0327">
          <tspan x="16.61" y="2.90">CD</tspan>
          <tspan x="16.45" y="5.45">DO</tspan>
          <tspan x="15.39" y="7.98">GND</tspan>
          <tspan x="15.65" y="10.62">SCK</tspan>
          <tspan x="15.68" y="13.06">VCC</tspan>
          <tspan x="16.88" y="15.57">DI</tspan>
          <tspan x="16.67" y="18.24">CS</tspan>
        </text>
        <g fill="#fff" stroke="#d9cb97" stroke-width=".381">
          <ellipse cx="20.3" cy="2.48" rx=".814" ry=".814" />
          <ellipse cx="20.3" cy="4.99" rx=".814" ry=".814" />
          <ellipse cx="20.3" cy="7.53" rx=".814" ry=".814" />
          <ellipse cx="20.3" cy="10.1" rx=".814" ry=".814" />
          <ellipse cx="20.3" cy="12.6" rx=".814" ry=".814" />
          <ellipse cx="20.3" cy="15.2" rx=".814" ry=".814" />
          <ellipse cx="20.3" cy="17.7" rx=".814" ry=".814" />
        </g>
      </svg>
    `}};Kn=Gn([V(`wokwi-microsd-card`)],Kn);var qn=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},Jn=class extends B{constructor(){super(...arguments),this.led1=!1,this.pinInfo=[{name:`INT`,x:7.28,y:5.78,signals:[]},{name:`AD0`,x:16.9,y:5.78,signals:[]},{name:`XCL`,x:26.4,y:5.78,signals:[]},{name:`XDA`,x:36,y:5.78,signals:[]},{name:`SDA`,x:45.6,y:5.78,signals:[Rn(`SDA`)]},{name:`SCL`,x:55.2,y:5.78,signals:[Rn(`SCL`)]},{name:`GND`,x:64.8,y:5.78,signals:[Bn()]},{name:`VCC`,x:74.4,y:5.78,signals:[Vn()]}]}render(){let{led1:e}=this;return P`
      <svg
        width="21.6mm"
        height="16.2mm"
        clip-rule="evenodd"
        fill-rule="evenodd"
        version="1.1"
        viewBox="0 0 81.6 61.2"
        xmlns="http://www.w3.org/2000/svg"
      >
        <defs>
          <pattern id="pin-pattern" height="2.1" width="14" patternUnits="userSpaceOnUse">
            <path
              d=" m2.09 1.32c0.124 0 0.243-0.049 0.331-0.137 0.086-0.086 0.137-0.206 0.137-0.33v-0.387c0-0.124-0.050-0.242-0.137-0.33-0.087-0.087-0.207-0.137-0.331-0.137h-1.62v1.32z"
              fill="#f5f9f0"
            />
          </pattern>
        </defs>

        <!-- Board -->
        <path
          d="m81.6 0h-81.6v61.2h81.6zm-10 44.9c3.8 0 6.88 3.08 6.88 6.88 0 3.8-3.08 6.89-6.88 6.89-3.8 0-6.89-3.09-6.89-6.89 0-3.8 3.09-6.88 6.89-6.88zm-61.6 0c3.8 0 6.89 3.08 6.89 6.88 0 3.8-3.09 6.89-6.89 6.89-3.8 0-6.88-3.09-6.88-6.89 0-3.8 3.08-6.88 6.88-6.88zm-2.74-41.9c1.55 0 2.81 1.26 2.81 2.81s-1.26 2.8-2.81 2.8-2.8-1.26-2.8-2.8 1.26-2.81 2.8-2.81zm19.2 0c1.55 0 2.81 1.26 2.81 2.81s-1.26 2.8-2.81 2.8c-1.55 0-2.8-1.26-2.8-2.8s1.26-2.81 2.8-2.81zm-9.58 0c1.55 0 2.81 1.26 2.81 2.81s-1.26 2.8-2.81 2.8c-1.55 0-2.8-1.26-2.8-2.8s1.26-2.81 2.8-2.81zm19.2 0c1.55 0 2.81 1.26 2.81 2.81s-1.26 2.8-2.81 2.8c-1.55 0-2.8-1.26-2.8-2.8s1.26-2.81 2.8-2.81zm9.58 0c1.55 0 2.8 1.26 2.8 2.81s-1.26 2.8-2.8 2.8c-1.55 0-2.81-1.26-2.81-2.8s1.26-2.81 2.81-2.81zm19.2 0c1.55 0 2.8 1.26 2.8 2.81s-1.26 2.8-2.8 2.8-2.81-1.26-2.81-2.8 1.26-2.81 2.81-2.81zm-9.58 0c1.55 0 2.8 1.26 2.8 2.81s-1.26 2.8-2.8 2.8c-1.55 0-2.81-1.26-2.81-2.8s1.26-2.81 2.81-2.81zm19.2 0c1.55 0 2.8 1.26 2.8 2.81s-1.26 2.8-2.8 2.8c-1.55 0-2.81-1.26-2.81-2.8s1.26-2.81 2.81-2.81z"
          fill="#16619d"
        />

        <!-- Right Chip -->
        <g fill="#fefdf4">
          <rect x="74.5" y="23.1" width="2.01" height="4.81" />
          <rect x="67.8" y="33" width="2.01" height="4.81" />
          <rect x="71.2" y="23.1" width="2.01" height="4.81" />
          <rect x="67.8" y="23.1" width="2.01" height="4.81" />
          <rect x="74.5" y="33" width="2.01" height="4.81" />
        </g>
        <g fill="#31322e">
          <rect x="74.5" y="25.5" width="2.01" height="2.4" />
          <rect x="67.8" y="33" width="2.01" height="2.4" />
          <rect x="71.2" y="25.5" width="2.01" height="2.4" />
          <rect x="67.8" y="25.5" width="2.01" height="2.4" />
          <rect x="74.5" y="33" width="2.01" height="2.4" />
        </g>

        <!-- Resistors -->
        <g fill="#e5e5e5">
          <rect x="12" y="21.3" width="3.83" height="9.3" />
          <rect x="17.7" y="21.3" width="3.83" height="9.3" />
          <rect x="56.5" y="21.3" width="3.83" height="9.3" />
          <rect x="51.2" y="21.3" width="3.83" height="9.3" />
          <rect x="17.7" y="35.6" width="3.83" height="9.3" />
          <rect x="23.3" y="21.3" width="3.83" height="9.3" />
          <rect x="62.2" y="21.3" width="3.83" height="9.3" />
          <rect x="51.2" y="35.8" width="3.83" height="9.3" />
          <rect x="56.9" y="35.8" width="3.83" height="9.3" />
        </g>
        <path d="m76 42.6v-3.13h-7.59v3.13z" fill="#fefdf4" />
        <rect x="23.1" y="35.6" width="3.83" height="9.3" fill="#e5e5e5" />

        <g fill="#26232b">
          <rect x="17.7" y="23.4" width="3.83" height="5.31" />
          <rect x="56.5" y="23.4" width="3.83" height="5.31" />
          <rect x="51.2" y="23.4" width="3.83" height="5.31" />
          <rect x="17.7" y="37.7" width="3.83" height="5.31" />
        </g>
        <g fill="#d8c18d">
          <rect x="23.3" y="23.4" width="3.83" height="5.31" />
          <rect x="62.2" y="23.4" width="3.83" height="5.31" />
          <rect x="51.2" y="37.8" width="3.83" height="5.31" />
          <rect x="56.9" y="37.8" width="3.83" height="5.31" />
          <path d="m74.3 42.6v-3.13h-4.33v3.13z" />
        </g>
        <g>
          <rect x="23.1" y="37.7" width="3.83" height="5.31" fill="#a06352" />
          <rect x="31.8" y="47.1" width="15.6" height="6.03" fill="#f3c338" />
          <rect x="67.3" y="27.9" width="9.76" height="5.28" fill="#010303" />
        </g>

        <!-- MPU6050 Chip -->
        <rect transform="translate(47,26)" width="5" height="14.5" fill="url(#pin-pattern)" />
        <rect
          transform="translate(32.3,40) rotate(180)"
          width="5"
          height="14.5"
          fill="url(#pin-pattern)"
        />
        <rect
          transform="translate(46.5,40.7) rotate(90)"
          width="5"
          height="14.5"
          fill="url(#pin-pattern)"
        />
        <rect
          transform="translate(32.3,26) rotate(270)"
          width="5"
          height="14.5"
          fill="url(#pin-pattern)"
        />
        <rect x="31.8" y="25.4" width="15.6" height="15.6" />

        <!-- LED -->
        <rect x="12" y="23.4" width="3.83" height="5.31" fill="#f5ecde" />
        <filter id="ledFilter" x="-0.8" y="-0.8" height="5.2" width="5.8">
          <feGaussianBlur stdDeviation="2" />
        </filter>
        ${e&&F`<circle cx="13.9" cy="25.5" r="3.5" fill="#80ff80" filter="url(#ledFilter)" />`}

        <!-- PCB Pins-->
        <g fill="none" stroke="#d0ae88" stroke-width=".648px">
          <circle cx="64.8" cy="5.78" r="2.81" />
          <circle cx="55.2" cy="5.78" r="2.81" />
          <circle cx="45.6" cy="5.78" r="2.81" />
          <circle cx="36" cy="5.78" r="2.81" />
          <circle cx="26.4" cy="5.78" r="2.81" />
          <circle cx="16.9" cy="5.78" r="2.81" />
          <circle cx="7.28" cy="5.78" r="2.81" />
          <circle cx="74.4" cy="5.78" r="2.81" />
        </g>

        <!-- Text -->
        <text
          transform="rotate(90)"
          fill="#ffffff"
          font-family="sans-serif"
          font-size="3.6px"
          x="10.056"
        >
          <tspan x="10.056" y="-6">INT</tspan>
          <tspan x="10.056" y="-15.5">AD0</tspan>
          <tspan x="10.056" y="-25.157">XCL</tspan>
          <tspan x="10.056" y="-34.5">XDA</tspan>
          <tspan x="10.056" y="-44.38">SDA</tspan>
          <tspan x="9.911" y="-54">SCL</tspan>
          <tspan x="10.057" y="-63.54">GND</tspan>
          <tspan x="10.057" y="-73">VCC</tspan>
        </text>
      </svg>
    `}};qn([H()],Jn.prototype,`led1`,void 0),Jn=qn([V(`wokwi-mpu6050`)],Jn);var Yn=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},Xn=class extends B{constructor(){super(...arguments),this.ledDO=!1,this.ledPower=!1,this.pinInfo=[{name:`VCC`,x:172,y:16,signals:[Vn()]},{name:`GND`,x:172,y:26,signals:[Bn()]},{name:`DO`,x:172,y:35.8,signals:[]},{name:`AO`,x:172,y:45.5,signals:[Ln(0)]}]}render(){let{ledPower:e,ledDO:t}=this;return P`
      <svg
        width="45.95mm"
        height="16.267mm"
        version="1.1"
        viewBox="0 0 174 61.5"
        xmlns="http://www.w3.org/2000/svg"
        xmlns:xlink="http://www.w3.org/1999/xlink"
      >
        <!-- board -->
        <path
          d="m153 0h-136v61.5h136zm-129 52c1.9 0 3.44 1.5 3.44 3.34s-1.54 3.34-3.44 3.34-3.44-1.5-3.44-3.34 1.54-3.34 3.44-3.34zm98.3-29.8c4.17 0 7.55 3.38 7.55 7.55 0 4.17-3.38 7.55-7.55 7.55s-7.55-3.38-7.55-7.55c0-4.17 3.38-7.55 7.55-7.55zm-98.3-19.4c1.9 0 3.44 1.5 3.44 3.34 0 1.84-1.54 3.34-3.44 3.34s-3.44-1.5-3.44-3.34c0-1.84 1.54-3.34 3.44-3.34z"
          fill="#1c2546"
        />

        <!--Photo sensor-->
        <rect
          x="18.9"
          y="20.1"
          width="11.2"
          height="22.2"
          fill="none"
          stroke="#fff"
          stroke-width="1.08px"
        />
        <circle cx="24.5" cy="25.6" r="3.14" fill="#dae3eb" />
        <circle cx="24.5" cy="36.8" r="3.14" fill="#dae3eb" />
        <path
          d="m24.5 25.7c0-0.199-0.079-0.39-0.22-0.53-0.14-0.141-0.331-0.22-0.529-0.22h-23c-0.199 0-0.389 0.079-0.53 0.22-0.14 0.14-0.219 0.331-0.219 0.53 0 0.198 0.079 0.389 0.219 0.53 0.141 0.14 0.331 0.219 0.53 0.219h23c0.198 0 0.389-0.079 0.529-0.219 0.141-0.141 0.22-0.332 0.22-0.53z"
          fill="#a8b6ba"
        />
        <path
          d="m24.5 36.7c0-0.198-0.079-0.389-0.22-0.53-0.14-0.14-0.331-0.219-0.529-0.219h-23c-0.199 0-0.389 0.079-0.53 0.219-0.14 0.141-0.219 0.332-0.219 0.53 0 0.199 0.079 0.39 0.219 0.53 0.141 0.141 0.331 0.22 0.53 0.22h23c0.198 0 0.389-0.079 0.529-0.22 0.141-0.14 0.22-0.331 0.22-0.53z"
          fill="#a8b6ba"
        />
        <path
          d="m8.64 22.8c0-0.375-0.304-0.679-0.679-0.679h-6.14c-0.375 0-0.679 0.304-0.679 0.679v16.8c0 0.375 0.304 0.679 0.679 0.679h6.14c0.375 0 0.679-0.304 0.679-0.679v-16.8z"
          fill="#cc4247"
        />
        <clipPath>
          <path
            d="m27.9 29c0-0.375-0.304-0.679-0.679-0.679h-6.14c-0.375 0-0.679 0.304-0.679 0.679v16.8c0 0.375 0.304 0.679 0.679 0.679h6.14c0.375 0 0.679-0.304 0.679-0.679v-16.8z"
          />
        </clipPath>

        <!-- Holes -->
        <g fill="none" stroke-width="1.08px">
          <ellipse cx="24.5" cy="6.11" rx="3.43" ry="3.34" stroke="#a8b6ba" />
          <ellipse cx="24.5" cy="55.4" rx="3.43" ry="3.34" stroke="#a8b6ba" />

          <!-- +/- -->
          <g stroke="#fff">
            <path d="m24 44.7v4.75" />
            <path d="m24 12.1v4.75" />
            <path d="m26.4 14.5h-4.75" />
          </g>
        </g>

        <!-- Resistors -->
        <g fill="#dae3eb">
          <rect x="37.7" y="8.69" width="16.7" height="5.52" />
          <rect x="37.7" y="22" width="16.7" height="5.52" />
          <rect x="37.7" y="34.5" width="16.7" height="5.52" />
        </g>
        <rect x="41.9" y="34.3" width="8.43" height="5.9" fill="#29261c" />
        <path d="m108 21.2v-16.7h-5.52v16.7z" fill="#dae3eb" />
        <path d="m108 17v-8.43h-5.9v8.43z" fill="#29261c" />
        <path d="m108 53.8v-16.7h-5.52v16.7z" fill="#dae3eb" />
        <path d="m108 49.7v-8.43h-5.9v8.43z" fill="#29261c" />
        <rect x="37.7" y="47.5" width="16.7" height="5.52" fill="#dae3eb" />
        <rect x="41.9" y="8.5" width="8.43" height="5.9" fill="#907463" />
        <rect x="41.9" y="21.8" width="8.43" height="5.9" fill="#907463" />
        <rect x="41.9" y="47.3" width="8.43" height="5.9" fill="#29261c" />

        <!-- LEDs -->
        <rect x="118" y="4.77" width="13" height="4.29" fill="#dae3eb" />
        <rect x="121" y="4.62" width="6.55" height="4.59" fill="#fffefe" />
        <filter id="ledFilter" x="-0.8" y="-0.8" height="5.2" width="5.8">
          <feGaussianBlur stdDeviation="2" />
        </filter>
        ${e&&F`<circle cx="124.5" cy="7" r="4" fill="green" filter="url(#ledFilter)" />`}

        <rect x="118" y="52.6" width="13" height="4.29" fill="#dae3eb" />
        <rect x="121" y="52.5" width="6.55" height="4.59" fill="#fffefe" />
        ${t&&F`<circle cx="124.5" cy="55" r="4" fill="red" filter="url(#ledFilter)" />`}

        <!-- Chip -->
        <g fill="#dae3eb">
          <path
            d="m72.7 34.6h-9.67c-0.407 0-0.796 0.162-1.08 0.449-0.287 0.287-0.448 0.677-0.448 1.08v1e-3c0 0.406 0.161 0.796 0.448 1.08 0.288 0.287 0.677 0.448 1.08 0.448h9.67z"
          />
          <path
            d="m72.7 40.4h-9.67c-0.407 0-0.796 0.162-1.08 0.449-0.287 0.287-0.448 0.677-0.448 1.08v1e-3c0 0.406 0.161 0.796 0.448 1.08 0.288 0.287 0.677 0.448 1.08 0.448h9.67z"
          />
          <path
            d="m72.7 46.2h-9.67c-0.407 0-0.796 0.162-1.08 0.449-0.287 0.287-0.448 0.677-0.448 1.08v1e-3c0 0.406 0.161 0.796 0.448 1.08 0.288 0.288 0.677 0.449 1.08 0.449h9.67z"
          />
          <path
            d="m72.7 52h-9.67c-0.407 0-0.796 0.162-1.08 0.449-0.287 0.287-0.448 0.677-0.448 1.08v1e-3c0 0.406 0.161 0.796 0.448 1.08 0.288 0.288 0.677 0.449 1.08 0.449h9.67z"
          />
          <path
            d="m84.4 55.1h9.67c0.406 0 0.796-0.161 1.08-0.449 0.288-0.287 0.449-0.677 0.449-1.08v-1e-3c0-0.406-0.161-0.796-0.449-1.08-0.287-0.287-0.677-0.449-1.08-0.449h-9.67z"
          />
          <path
            d="m84.4 49.3h9.67c0.406 0 0.796-0.161 1.08-0.449 0.288-0.287 0.449-0.677 0.449-1.08v-1e-3c0-0.406-0.161-0.796-0.449-1.08-0.287-0.287-0.677-0.449-1.08-0.449h-9.67z"
          />
          <path
            d="m84.4 43.5h9.67c0.406 0 0.796-0.161 1.08-0.448 0.288-0.288 0.449-0.678 0.449-1.08v-1e-3c0-0.406-0.161-0.796-0.449-1.08-0.287-0.287-0.677-0.449-1.08-0.449h-9.67z"
          />
          <path
            d="m84.4 37.7h9.67c0.406 0 0.796-0.161 1.08-0.448 0.288-0.288 0.449-0.678 0.449-1.08v-1e-3c0-0.406-0.161-0.796-0.449-1.08-0.287-0.287-0.677-0.449-1.08-0.449h-9.67z"
          />
        </g>
        <rect x="70.3" y="33.2" width="16.1" height="23.3" fill="#29261c" />

        <!-- Decorations -->
        <rect x="62.8" y="7.63e-9" width="32.1" height="32.1" fill="#466fb5" />
        <circle cx="78.9" cy="16" r="6.56" fill="#bcc2d5" />
        <path d="m78.9 6.72v18.6" fill="none" stroke="#3f3c40" stroke-width="2.5px" />
        <path d="m88.2 16h-18.6" fill="none" stroke="#3f3c40" stroke-width="2.5px" />
        <path
          d="m123 19.8c5.5 0 9.96 4.46 9.96 9.96s-4.46 9.96-9.96 9.96-9.96-4.46-9.96-9.96 4.46-9.96 9.96-9.96zm0 2.4c4.17 0 7.55 3.38 7.55 7.55 0 4.17-3.38 7.55-7.55 7.55s-7.55-3.38-7.55-7.55c0-4.17 3.38-7.55 7.55-7.55z"
          fill="#d4d0d1"
        />

        <!-- Text -->
        <text fill="#fffefe" font-size="4.4px" font-family="sans-serif">
          <tspan x="117.46" y="13.90">PWR</tspan>
          <tspan x="117.46" y="18.41">LED</tspan>
          <tspan x="133.16" y="17.37">VCC</tspan>
          <tspan x="133.16" y="26.87">GND</tspan>
          <tspan x="135.42" y="36.55">DO</tspan>
          <tspan x="135.42" y="46.359">AO</tspan>
          <tspan x="117.44" y="45.53">DO</tspan>
          <tspan x="117.44" y="50.036">LED</tspan>
        </text>

        <!-- Board pins -->
        <path
          d="m143 11.7v38h8.39v-38z"
          fill="none"
          stroke="#fff"
          stroke-linejoin="round"
          stroke-width=".4px"
        />
        <g fill="#433b38">
          <path d="m144 42.1v6.55h6.55v-6.55z" />
          <path d="m144 32.3v6.55h6.55v-6.55z" />
          <path d="m144 22.6v6.55h6.55v-6.55z" />
          <path d="m144 12.9v6.55h6.55v-6.55z" />
        </g>
        <g fill="#9f9f9f">
          <path
            d="m147 43.9c-0.382 0-0.748 0.152-1.02 0.422-0.27 0.27-0.421 0.636-0.421 1.02v1e-3c0 0.382 0.151 0.748 0.421 1.02 0.271 0.271 0.637 0.422 1.02 0.422h26.1c0.233 0 0.423-0.189 0.423-0.423v-2.04c0-0.234-0.19-0.423-0.423-0.423h-26.1z"
          />
          <path
            d="m147 34.2c-0.382 0-0.748 0.152-1.02 0.422-0.27 0.27-0.421 0.636-0.421 1.02v1e-3c0 0.382 0.151 0.748 0.421 1.02 0.271 0.271 0.637 0.422 1.02 0.422h26.1c0.233 0 0.423-0.189 0.423-0.423v-2.04c0-0.234-0.19-0.423-0.423-0.423h-26.1z"
          />
          <path
            d="m147 24.4c-0.382 0-0.748 0.151-1.02 0.422-0.27 0.27-0.421 0.636-0.421 1.02v1e-3c0 0.382 0.151 0.748 0.421 1.02 0.271 0.27 0.637 0.422 1.02 0.422h26.1c0.233 0 0.423-0.19 0.423-0.423v-2.04c0-0.234-0.19-0.423-0.423-0.423h-26.1z"
          />
          <path
            d="m147 14.7c-0.382 0-0.748 0.152-1.02 0.422-0.27 0.27-0.421 0.637-0.421 1.02s0.151 0.749 0.421 1.02c0.271 0.27 0.637 0.422 1.02 0.422h26.1c0.233 0 0.423-0.19 0.423-0.424v-2.03c0-0.234-0.19-0.424-0.423-0.424h-26.1z"
          />
        </g>
      </svg>
    `}};Yn([H()],Xn.prototype,`ledDO`,void 0),Yn([H()],Xn.prototype,`ledPower`,void 0),Xn=Yn([V(`wokwi-photoresistor-sensor`)],Xn);var Zn={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Qn=e=>(...t)=>({_$litDirective$:e,values:t}),$n=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},er=`important`,tr=` !`+er,nr=Qn(class extends $n{constructor(e){if(super(e),e.type!==Zn.ATTRIBUTE||e.name!==`style`||e.strings?.length>2)throw Error("The `styleMap` directive must be used in the `style` attribute and must be the only part in the attribute.")}render(e){return Object.keys(e).reduce((t,n)=>{let r=e[n];return r==null?t:t+`${n=n.includes(`-`)?n:n.replace(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g,`-$&`).toLowerCase()}:${r};`},``)}update(e,[t]){let{style:n}=e.element;if(this.ft===void 0)return this.ft=new Set(Object.keys(t)),this.render(t);for(let e of this.ft)t[e]??(this.ft.delete(e),e.includes(`-`)?n.removeProperty(e):n[e]=null);for(let e in t){let r=t[e];if(r!=null){this.ft.add(e);let t=typeof r==`string`&&r.endsWith(tr);e.includes(`-`)||t?n.setProperty(e,t?r.slice(0,-11):r,t?er:``):n[e]=r}}return I}}),rr=(e,t,n)=>Math.max(Math.min(n,t),e);function ir(e,t){let n=t.transformPoint({x:e.left,y:e.top}),r=t.transformPoint({x:e.right,y:e.top}),i=t.transformPoint({x:e.left,y:e.bottom}),a=t.transformPoint({x:e.right,y:e.bottom}),o=Math.min(n.x,r.x,i.x,a.x),s=Math.min(n.y,r.y,i.y,a.y),c=Math.max(n.x,r.x,i.x,a.x),l=Math.max(n.y,r.y,i.y,a.y);return new DOMRect(o,s,c-o,l-s)}function ar(e,t,n){let{userAgent:r}=navigator;if(r.indexOf(`Epiphany`)>=0||r.indexOf(`Safari`)>=0){let r=e.getCTM(),i=t?.getCTM(),a=t?.getBoundingClientRect(),o=t?.ownerSVGElement?.getBoundingClientRect();if(!a||!o||!i||!r)return null;let s=o.x+o.width/2,c=o.y+o.height/2,l=s-(a.x+a.width/2),u=c-(a.y+a.height/2),d=Math.atan2(u,l)/Math.PI*180,f=new DOMMatrix().rotate(d),p=ir(n,f),m=p.width/a.width,h=p.height/a.height,g=i.inverse().multiply(r);return f.inverse().translate(p.left,p.top).multiply(g.inverse()).scale(m,h).translate(-a.left,-a.top)}return e.getScreenCTM()?.inverse()||null}var q=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},or={x:9.91,y:8.18},J=class extends B{constructor(){super(...arguments),this.min=0,this.max=1023,this.value=0,this.step=1,this.startDegree=-135,this.endDegree=135,this.pressed=!1,this.pageToKnobMatrix=null,this.pinInfo=[{name:`GND`,x:29,y:68.5,number:1,signals:[{type:`power`,signal:`GND`}]},{name:`SIG`,x:39,y:68.5,number:2,signals:[Ln(0)]},{name:`VCC`,x:49,y:68.5,number:3,signals:[{type:`power`,signal:`VCC`}]}]}static get styles(){return k`
      #rotating {
        transform-origin: 10px 8px;
        transform: rotate(var(--knob-angle, 0deg));
      }

      svg text {
        font-size: 1px;
        line-height: 1.25;
        letter-spacing: 0px;
        word-spacing: 0px;
        fill: #ffffff;
      }
      .hide-input {
        position: absolute;
        clip: rect(0 0 0 0);
        width: 1px;
        height: 1px;
        margin: -1px;
      }
      input:focus + svg #knob {
        stroke: #ccdae3;
        filter: url(#outline);
      }
    `}mapToMinMax(e,t,n){return e*(n-t)+t}percentFromMinMax(e,t,n){return(e-t)/(n-t)}renderSVG(){let e=rr(0,1,this.percentFromMinMax(this.value,this.min,this.max)),t=(this.endDegree-this.startDegree)*e+this.startDegree;return P`<svg
      role="slider"
      width="20mm"
      height="20mm"
      version="1.1"
      viewBox="0 0 20 20"
      xmlns="http://www.w3.org/2000/svg"
      @click="${this.focusInput}"
      @mousedown=${this.down}
      @mousemove=${this.move}
      @mouseup=${this.up}
      @touchstart=${this.down}
      @touchmove=${this.move}
      @touchend=${this.up}
      style=${nr({"--knob-angle":t+`deg`})}
    >
      <defs>
        <filter id="outline">
          <feDropShadow id="glow" dx="0" dy="0" stdDeviation="0.5" flood-color="cyan" />
        </filter>
      </defs>
      <rect
        x=".15"
        y=".15"
        width="19.5"
        height="19.5"
        ry="1.23"
        fill="#045881"
        stroke="#045881"
        stroke-width=".30"
      />
      <rect x="5.4" y=".70" width="9.1" height="1.9" fill="#ccdae3" stroke-width=".15" />
      <ellipse
        id="knob"
        cx=${or.x}
        cy=${or.y}
        rx="7.27"
        ry="7.43"
        fill="#e4e8eb"
        stroke-width=".15"
      />
      <rect x="6" y="17" width="8" height="2" fill-opacity="0" stroke="#fff" stroke-width=".30" />
      <g stroke-width=".15">
        <text x="6.21" y="16.6">GND</text>
        <text x="9.2" y="16.63">SIG</text>
        <text x="11.5" y="16.59">VCC</text>
      </g>
      <g fill="#fff" stroke-width=".15">
        <ellipse cx="1.68" cy="1.81" rx=".99" ry=".96" />
        <ellipse cx="1.48" cy="18.37" rx=".99" ry=".96" />
        <ellipse cx="17.97" cy="18.47" rx=".99" ry=".96" />
        <ellipse cx="18.07" cy="1.91" rx=".99" ry=".96" />
      </g>
      <g fill="#b3b1b0" stroke-width=".15">
        <ellipse cx="7.68" cy="18" rx=".61" ry=".63" />
        <ellipse cx="10.22" cy="18" rx=".61" ry=".63" />
        <ellipse cx="12.76" cy="18" rx=".61" ry=".63" />
      </g>
      <ellipse cx="9.95" cy="8.06" rx="6.60" ry="6.58" fill="#c3c2c3" stroke-width=".15" />
      <rect id="rotating" x="10" y="2" width=".42" height="3.1" stroke-width=".15" />
      <rect x="0" y="9.5" width="1" height="1" fill="none" id="firefox-workaround" />
    </svg>`}render(){return P`
      <input
        tabindex="0"
        type="range"
        class="hide-input"
        max="${this.max}"
        min="${this.min}"
        value="${this.value}"
        step="${this.step}"
        aria-valuemin="${this.min}"
        aria-valuenow="${this.value}"
        @input="${this.onValueChange}"
      />
      ${this.renderSVG()}
    `}focusInput(){(this.shadowRoot?.querySelector(`.hide-input`))?.focus()}onValueChange(e){let t=e.target;this.updateValue(parseFloat(t.value))}down(e){(e.button===0||window.navigator.maxTouchPoints)&&(this.pressed=!0,e.stopPropagation(),e.preventDefault(),this.updateKnobMatrix())}move(e){let{pressed:t}=this;t&&this.rotateHandler(e)}up(){this.pressed=!1}updateKnobMatrix(){let e=this.shadowRoot?.querySelector(`#knob`),t=this.shadowRoot?.querySelector(`#firefox-workaround`);this.pageToKnobMatrix=e&&t?ar(e,t,new DOMRect(0,9.5,1,1)):null}rotateHandler(e){if(e.stopPropagation(),e.preventDefault(),!this.pageToKnobMatrix)return;let t=e.type===`touchmove`,n=t?e.touches[0].pageX:e.pageX,r=t?e.touches[0].pageY:e.pageY,i=new DOMPointReadOnly(n,r).matrixTransform(this.pageToKnobMatrix),a=or.x-i.x,o=or.y-i.y,s=Math.round(Math.atan2(o,a)*180/Math.PI);s<0&&(s+=360),s-=90,a>0&&o<=0&&s>0&&(s-=360),s=rr(this.startDegree,this.endDegree,s);let c=this.percentFromMinMax(s,this.startDegree,this.endDegree),l=this.mapToMinMax(c,this.min,this.max);this.updateValue(l)}updateValue(e){let t=rr(this.min,this.max,e),n=Math.round(t/this.step)*this.step;this.value=Math.round(n*100)/100,this.dispatchEvent(new InputEvent(`input`,{detail:this.value}))}};q([H({type:Number})],J.prototype,`min`,void 0),q([H({type:Number})],J.prototype,`max`,void 0),q([H()],J.prototype,`value`,void 0),q([H()],J.prototype,`step`,void 0),q([H()],J.prototype,`startDegree`,void 0),q([H()],J.prototype,`endDegree`,void 0),J=q([V(`wokwi-potentiometer`)],J);var sr=[` `,`Spacebar`];function cr(){return typeof navigator==`object`?navigator.userAgent:``}function lr(){return cr().indexOf(`Macintosh`)>=0}function ur(e){return lr()?e.metaKey:e.ctrlKey}var dr=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},fr,Y=class extends B{static{fr=this}static{this.pushbuttonCounter=0}constructor(){super(),this.color=`red`,this.pressed=!1,this.label=``,this.xray=!1,this.sticky=!1,this.pinInfo=[{name:`1.l`,x:0,y:13,signals:[]},{name:`2.l`,x:0,y:32,signals:[]},{name:`1.r`,x:67,y:13,signals:[]},{name:`2.r`,x:67,y:32,signals:[]}],this.uniqueId=`pushbutton`+fr.pushbuttonCounter++}static get styles(){return k`
      :host {
        display: inline-flex;
        flex-direction: column;
      }

      button {
        border: none;
        background: none;
        padding: 0;
        margin: 0;
        text-decoration: none;
        -webkit-appearance: none;
        -moz-appearance: none;
      }

      .button-active-circle {
        opacity: 0;
      }

      button:active .button-active-circle {
        opacity: 1;
      }

      .clickable-element {
        cursor: pointer;
      }

      .label {
        width: 0;
        min-width: 100%;
        font-size: 12px;
        text-align: center;
        color: gray;
        position: relative;
        line-height: 1;
        top: -2px;
      }
    `}renderSVG(){let{color:e,uniqueId:t,xray:n}=this,r=this.pressed?`url(#grad-down-${t})`:`url(#grad-up-${t})`;return P`<svg
      width="17.802mm"
      height="12mm"
      version="1.1"
      viewBox="-3 0 18 12"
      xmlns="http://www.w3.org/2000/svg"
      xmlns:xlink="http://www.w3.org/1999/xlink"
    >
      <defs>
        <linearGradient id="grad-up-${t}" x1="0" x2="1" y1="0" y2="1">
          <stop stop-color="#ffffff" offset="0" />
          <stop stop-color="${e}" offset="0.3" />
          <stop stop-color="${e}" offset="0.5" />
          <stop offset="1" />
        </linearGradient>
        <linearGradient id="grad-down-${t}" x1="1" x2="0" y1="1" y2="0">
          <stop stop-color="#ffffff" offset="0" />
          <stop stop-color="${e}" offset="0.3" />
          <stop stop-color="${e}" offset="0.5" />
          <stop offset="1" />
        </linearGradient>
      </defs>
      <rect x="0" y="0" width="12" height="12" rx=".44" ry=".44" fill="#464646" />
      <rect x=".75" y=".75" width="10.5" height="10.5" rx=".211" ry=".211" fill="#eaeaea" />
      ${n?F`
      <rect
        style="opacity:0.3;fill:#999999;stroke-width:0.563001;paint-order:stroke markers fill"
        id="rect17"
        width="12.087865"
        height="1.0371729"
        x="-0.00075517414"
        y="2.9106798"
      />
      <rect
        style="opacity:0.3;fill:#999999;stroke-width:0.534365;paint-order:stroke markers fill"
        id="rect17-3"
        width="12.087865"
        height="0.93434691"
        x="-0.071111664"
        y="8.0458994"
      />
    `:``}
      <g fill="#1b1b1">
        <circle cx="1.767" cy="1.7916" r=".37" />
        <circle cx="10.161" cy="1.7916" r=".37" />
        <circle cx="10.161" cy="10.197" r=".37" />
        <circle cx="1.767" cy="10.197" r=".37" />
      </g>
      <g fill="#999" stroke-width="1.0154">
        <path
          d="m12.365 2.426c0.06012 0 0.10849 0.0469 0.1085 0.10522v0.38698h2.2173c0.12023 0 0.217 0.0938 0.217 0.21045v0.50721c0 0.1166-0.09677 0.21045-0.217 0.21045h-2.2173v0.40101c0 0.0583-0.0484 0.10528-0.1085 0.10528h-0.36835v-1.9266z"
        />
        <path
          d="m12.365 7.5c0.06012 0 0.10849 0.0469 0.1085 0.10522v0.38698h2.2173c0.12023 0 0.217 0.0938 0.217 0.21045v0.50721c0 0.1166-0.09677 0.21045-0.217 0.21045h-2.2173v0.40101c0 0.0583-0.0484 0.10528-0.1085 0.10528h-0.36835v-1.9266z"
        />
        <path
          d="m-0.35085 4.3526c-0.06012 0-0.10849-0.0469-0.1085-0.10522v-0.38698h-2.2173c-0.12023 0-0.217-0.0938-0.217-0.21045v-0.50721c0-0.1166 0.09677-0.21045 0.217-0.21045h2.2173v-0.40101c0-0.0583 0.0484-0.10528 0.1085-0.10528h0.36835v1.9266z"
        />
        <path
          d="m-0.35085 9.4266c-0.06012 0-0.10849-0.0469-0.1085-0.10522v-0.38698h-2.2173c-0.12023 0-0.217-0.0938-0.217-0.21045v-0.50721c0-0.1166 0.09677-0.21045 0.217-0.21045h2.2173v-0.40101c0-0.0583 0.0484-0.10528 0.1085-0.10528h0.36835v1.9266z"
        />
      </g>
      <g class="clickable-element">
        <circle cx="6" cy="6" r="3.822" fill="${r}" />
        <circle
          class="button-active-circle"
          cx="6"
          cy="6"
          r="3.822"
          fill="url(#grad-down-${t})"
        />
        <circle
          cx="6"
          cy="6"
          r="2.9"
          fill="${e}"
          stroke="#2f2f2f"
          stroke-opacity=".47"
          stroke-width=".08"
        />
      </g>
    </svg>`}render(){let{color:e,label:t}=this;return P`
      <button
        aria-label="${t} ${e} pushbutton"
        @mousedown=${this.down}
        @mouseup=${this.up}
        @touchstart=${this.down}
        @touchend=${this.up}
        @pointerleave=${this.leave}
        @keydown=${e=>sr.includes(e.key)&&this.down()}
        @keyup=${e=>sr.includes(e.key)&&this.up(e)}
      >
        ${this.renderSVG()}
      </button>
      <span class="label">${this.label}</span>
    `}down(){this.pressed||(this.pressed=!0,this.dispatchEvent(new Event(`button-press`)))}up(e){this.pressed&&(ur(e)?this.sticky=!0:(this.sticky=!1,this.pressed=!1,this.dispatchEvent(new Event(`button-release`))))}leave(e){this.sticky||this.up(e)}};dr([H()],Y.prototype,`color`,void 0),dr([H()],Y.prototype,`pressed`,void 0),dr([H()],Y.prototype,`label`,void 0),dr([H({type:Boolean,attribute:`xray`})],Y.prototype,`xray`,void 0),Y=fr=dr([V(`wokwi-pushbutton`)],Y);var pr=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},mr={[-2]:`#C3C7C0`,[-1]:`#F1D863`,0:`#000000`,1:`#8F4814`,2:`#FB0000`,3:`#FC9700`,4:`#FCF800`,5:`#00B800`,6:`#0000FF`,7:`#A803D6`,8:`#808080`,9:`#FCFCFC`},hr=class extends B{constructor(){super(...arguments),this.value=`1000`,this.pinInfo=[{name:`1`,x:0,y:5.65,signals:[]},{name:`2`,x:58.8,y:5.65,signals:[]}]}static get styles(){return k`
      :host {
        display: flex;
      }
    `}breakValue(e){let t=e>=1e10?9:e>=1e9?8:e>=1e8?7:e>=1e7?6:e>=1e6?5:e>=1e5?4:e>=1e4?3:e>=1e3?2:e>=100?1:e>=10?0:e>=1?-1:-2,n=Math.round(e/10**t);return e===0?[0,0]:[Math.round(n%100),t]}render(){let{value:e}=this,t=parseFloat(e),[n,r]=this.breakValue(t);return P`
      <svg
        width="15.645mm"
        height="3mm"
        version="1.1"
        viewBox="0 0 15.645 3"
        xmlns="http://www.w3.org/2000/svg"
        xmlns:xlink="http://www.w3.org/1999/xlink"
      >
        <defs>
          <linearGradient
            id="a"
            x2="0"
            y1="22.332"
            y2="38.348"
            gradientTransform="matrix(.14479 0 0 .14479 -23.155 -4.0573)"
            gradientUnits="userSpaceOnUse"
            spreadMethod="reflect"
          >
            <stop stop-color="#323232" offset="0" />
            <stop stop-color="#fff" stop-opacity=".42268" offset="1" />
          </linearGradient>
        </defs>
        <rect y="1.1759" width="15.558" height=".63826" fill="#aaa" />
        <g stroke-width=".14479" fill="#d5b597">
          <path
            id="body"
            d="m4.6918 0c-1.0586 0-1.9185 0.67468-1.9185 1.5022 0 0.82756 0.85995 1.4978 1.9185 1.4978 0.4241 0 0.81356-0.11167 1.1312-0.29411h4.0949c0.31802 0.18313 0.71075 0.29411 1.1357 0.29411 1.0586 0 1.9185-0.67015 1.9185-1.4978 0-0.8276-0.85995-1.5022-1.9185-1.5022-0.42499 0-0.81773 0.11098-1.1357 0.29411h-4.0949c-0.31765-0.18244-0.7071-0.29411-1.1312-0.29411z"
          />
          <use xlink:href="#body" fill="url(#a)" opacity=".44886" />
          <rect x="4" y="0" width="1" height="3" fill="${mr[Math.floor(n/10)]}" clip-path="url(#g)" />

          <path d="m6 0.29411v2.4117h0.96v-2.4117z" fill="${mr[n%10]}" />
          <path d="m7.8 0.29411v2.4117h0.96v-2.4117z" fill="${mr[r]}" />

          <rect x="10.69" y="0" width="1" height="3" fill="#F1D863" clip-path="url(#g)" />
          <clippath id="g">
            <use xlink:href="#body" />
          </clippath>
        </g>
      </svg>
    `}};pr([H()],hr.prototype,`value`,void 0),hr=pr([V(`wokwi-resistor`)],hr);var gr=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},_r=class extends B{constructor(){super(...arguments),this.ledRed=0,this.ledGreen=0,this.ledBlue=0,this.pinInfo=[{name:`R`,x:8.5,y:44,signals:[]},{name:`COM`,x:18,y:54,signals:[]},{name:`G`,x:26.4,y:44,signals:[]},{name:`B`,x:35.7,y:44,signals:[]}]}render(){let{ledRed:e,ledGreen:t,ledBlue:n}=this,r=Math.max(e,t,n),i=r?.2+r*.6:0;return P`
      <svg
        width="42.129"
        height="72.582"
        version="1.2"
        viewBox="-17 -10 37.3425 57.5115"
        xmlns="http://www.w3.org/2000/svg"
      >
        <!-- LED Legs -->
        <g fill="none" stroke="#9D9999" stroke-linecap="round" stroke-width="1.5px">
          <path d="m4.1 15.334 3.0611 9.971" />
          <path d="m8 14.4 5.9987 4.0518 1.1777 6.5679" stroke-linejoin="round" />
          <path d="m-4.3 14.184-5.0755 5.6592-0.10206 6.1694" stroke-linejoin="round" />
          <path d="m-1.1 15.607-0.33725 18.4" />
        </g>

        <!-- LED Body -->
        <path
          d="m8.3435 5.65v-5.9126c0-3.9132-3.168-7.0884-7.0855-7.0884-3.9125 0-7.0877 3.1694-7.0877 7.0884v13.649c1.4738 1.651 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8594v-1.5235c-7.4e-4 -1.1426-0.47444-2.2039-1.283-3.1061z"
          opacity=".3"
        />
        <path
          d="m8.3435 5.65v-5.9126c0-3.9132-3.168-7.0884-7.0855-7.0884-3.9125 0-7.0877 3.1694-7.0877 7.0884v13.649c1.4738 1.651 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8594v-1.5235c-7.4e-4 -1.1426-0.47444-2.2039-1.283-3.1061z"
          fill="#e6e6e6"
          opacity=".5"
        />
        <path
          d="m8.3435 5.65v3.1054c0 2.7389-3.1658 4.9651-7.0855 4.9651-3.9125 2e-5 -7.0877-2.219-7.0877-4.9651v4.6296c1.4738 1.6517 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8586l-4e-5 -1.5235c-7e-4 -1.1419-0.4744-2.2032-1.283-3.1054z"
          fill="#d1d1d1"
          opacity=".9"
        />
        <g transform="translate(-5.8295 -7.351)">
          <path
            d="m14.173 13.001v3.1054c0 2.7389-3.1658 4.9651-7.0855 4.9651-3.9125 2e-5 -7.0877-2.219-7.0877-4.9651v4.6296c1.4738 1.6517 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8586l-4e-5 -1.5235c-7e-4 -1.1419-0.4744-2.2032-1.283-3.1054z"
            opacity=".7"
          />
          <path
            d="m14.173 13.001v3.1054c0 2.7389-3.1658 4.9651-7.0855 4.9651-3.9125 2e-5 -7.0877-2.219-7.0877-4.9651v3.1054c1.4738 1.6502 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8586-7.4e-4 -1.1412-0.47444-2.2025-1.283-3.1047z"
            opacity=".25"
          />
          <ellipse cx="7.0877" cy="16.106" rx="7.087" ry="4.9608" opacity=".25" />
        </g>
        <polygon
          transform="translate(-5.8295 -7.351)"
          points="3.1961 13.095 6.0156 13.095 10.012 8.8049 3.407 8.8049 2.2032 9.648 2.2032 16.107 3.1961 16.107"
          fill="#666"
        />
        <polygon
          transform="translate(-5.8295 -7.351)"
          points="11.06 13.095 11.06 16.107 11.974 16.107 11.974 8.5241 10.778 8.5241 11.215 9.0338 7.4117 13.095"
          fill="#666"
        />
        <path
          d="m8.3435 5.65v-5.9126c0-3.9132-3.168-7.0884-7.0855-7.0884-3.9125 0-7.0877 3.1694-7.0877 7.0884v13.649c1.4738 1.651 4.0968 2.7526 7.0877 2.7526 4.6195 0 8.3686-2.6179 8.3686-5.8594v-1.5235c-7.4e-4 -1.1426-0.47444-2.2039-1.283-3.1061z"
          fill="white"
          opacity=".65"
        />
        <g transform="translate(-5.8295 -7.351)" fill="#fff">
          <path
            d="m10.388 3.7541 1.4364-0.2736c-0.84168-1.1318-2.0822-1.9577-3.5417-2.2385l0.25416 1.0807c0.76388 0.27072 1.4068 0.78048 1.8511 1.4314z"
            opacity=".5"
          />
          <path
            d="m0.76824 19.926v1.5199c0.64872 0.5292 1.4335 0.97632 2.3076 1.3169v-1.525c-0.8784-0.33624-1.6567-0.78194-2.3076-1.3118z"
            opacity=".5"
          />
          <path
            d="m11.073 20.21c-0.2556 0.1224-0.52992 0.22968-0.80568 0.32976-0.05832 0.01944-0.11736 0.04032-0.17784 0.05832-0.56376 0.17928-1.1614 0.31896-1.795 0.39456-0.07488 0.0094-0.1512 0.01872-0.22464 0.01944-0.3204 0.03024-0.64368 0.05832-0.97056 0.05832-0.14832 0-0.30744-0.01512-0.4716-0.02376-1.2002-0.05688-2.3306-0.31464-3.2976-0.73944l-2e-5 -8.3895v-4.8254c0-1.471 0.84816-2.7295 2.0736-3.3494l-0.02232-0.05328-1.2478-1.512c-1.6697 1.003-2.79 2.8224-2.79 4.9118v11.905c-0.04968-0.04968-0.30816-0.30888-0.48024-0.52992l-0.30744 0.6876c1.4011 1.4818 3.8088 2.4617 6.5426 2.4617 1.6798 0 3.2371-0.37368 4.5115-1.0022l-0.52704-0.40896-0.01006 0.0072z"
            opacity=".5"
          />
        </g>

        <filter id="ledFilter" x="-0.8" y="-0.8" height="5.2" width="5.8">
          <feGaussianBlur stdDeviation="4" />
        </filter>
        <filter id="ledFilterRed" x="-0.8" y="-0.8" height="5.2" width="5.8">
          <feGaussianBlur stdDeviation="${e*3}" />
        </filter>
        <filter id="ledFilterGreen" x="-0.8" y="-0.8" height="5.2" width="5.8">
          <feGaussianBlur stdDeviation="${t*3}" />
        </filter>
        <filter id="ledFilterBlue" x="-0.8" y="-0.8" height="5.2" width="5.8">
          <feGaussianBlur stdDeviation="${n*3}" />
        </filter>

        <circle
          cx="1.7"
          cy="3"
          r="${e*5+2}"
          fill="rgb(255, 0, 0)"
          opacity="${Math.min(e*20,.3)}"
          filter="url(#ledFilterRed)"
        />
        <circle
          cx="2.7"
          cy="5"
          r="${t*5+2}"
          fill="rgb(0, 255, 0)"
          opacity="${Math.min(t*20,.3)}"
          filter="url(#ledFilterGreen)"
        />
        <circle
          cx="0.7"
          cy="5"
          r="${n*5+2}"
          fill="rgb(1,85,253)"
          opacity="${Math.min(n*20,.3)}"
          filter="url(#ledFilterBlue)"
        />

        <circle
          cx="1.7"
          cy="4"
          r="10"
          fill="rgb(${e*255}, ${t*255+n*90}, ${n*255})"
          filter="url(#ledFilter)"
          opacity="${i}"
        />

        <!-- Grey hollow around the LED -->
        <circle
          cx="1.7"
          cy="4"
          r="13"
          stroke="#666"
          stroke-width="1"
          fill="none"
          filter="url(#ledFilter)"
          opacity="${i}"
        />
      </svg>
    `}};gr([H()],_r.prototype,`ledRed`,void 0),gr([H()],_r.prototype,`ledGreen`,void 0),gr([H()],_r.prototype,`ledBlue`,void 0),_r=gr([V(`wokwi-rgb-led`)],_r);var vr=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},yr=class extends B{constructor(){super(...arguments),this.angle=0,this.horn=`single`,this.hornColor=`#ccc`,this.pinInfo=[{name:`GND`,x:0,y:50,signals:[{type:`power`,signal:`GND`}]},{name:`V+`,x:0,y:59.5,signals:[{type:`power`,signal:`VCC`}]},{name:`PWM`,x:0,y:69,signals:[{type:`pwm`}]}]}hornPath(){switch(this.horn){case`cross`:return`m119.54 50.354h-18.653v-18.653a8.4427 8.4427 0 0 0-8.4427-8.4427h-1.9537a8.4427 8.4427 0 0 0-8.4427 8.4427v18.653h-18.653a8.4427 8.4427 0 0 0-8.4427 8.4427v1.9537a8.4427 8.4427 0 0 0 8.4427 8.4427h18.653v18.653a8.4427 8.4427 0 0 0 8.4427 8.4427h1.9537a8.4427 8.4427 0 0 0 8.4427-8.4427v-18.653h18.653a8.4427 8.4427 0 0 0 8.4426-8.4427v-1.9537a8.4427 8.4427 0 0 0-8.4426-8.4427zm-57.447 12.136a2.7165 2.7165 0 1 1 2.7119-2.7165 2.7165 2.7165 0 0 1-2.7165 2.7165zm8.7543 0a2.7165 2.7165 0 1 1 2.7119-2.7165 2.7165 2.7165 0 0 1-2.7165 2.7165zm20.621-34.813a2.7165 2.7165 0 1 1-2.7165 2.7165 2.7165 2.7165 0 0 1 2.7165-2.7165zm0 8.7543a2.7165 2.7165 0 1 1-2.7165 2.7165 2.7165 2.7165 0 0 1 2.7165-2.7165zm0 55.438a2.7165 2.7165 0 1 1 2.7165-2.7165 2.7165 2.7165 0 0 1-2.7165 2.7165zm0-8.7543a2.7165 2.7165 0 1 1 2.7165-2.7165 2.7165 2.7165 0 0 1-2.7165 2.7165zm5.9215-17.42a8.3729 8.3729 0 1 1 0-11.843 8.3729 8.3729 0 0 1 0 11.843zm14.704-3.205a2.7165 2.7165 0 1 1 2.7165-2.7165 2.7165 2.7165 0 0 1-2.7165 2.7165zm8.7543 0a2.7165 2.7165 0 1 1 2.7165-2.7165 2.7165 2.7165 0 0 1-2.7165 2.7165z`;case`double`:return`m101.63 57.808c-0.0768-0.48377-0.16978-0.8838-0.23258-1.1629l-4.112-51.454c0-2.8654-2.6026-5.1912-5.8145-5.1912s-5.8145 2.3258-5.8145 5.1912l-4.1004 51.447c-0.07443 0.28607-0.16746 0.69774-0.24421 1.1629a12.473 12.473 0 0 0 0 3.9306c0.07675 0.48377 0.16978 0.8838 0.24421 1.1629l4.1004 51.461c0 2.8654 2.6026 5.1912 5.8145 5.1912s5.8145-2.3258 5.8145-5.1912l4.1004-51.447c0.0744-0.28607 0.16746-0.69774 0.23258-1.1629a12.473 12.473 0 0 0 0.0116-3.9376zm-4.2376 7.8868a8.3426 8.3426 0 0 1-3.5375 2.1072c-0.25816 0.07443-0.52098 0.13955-0.7838 0.19072a8.7217 8.7217 0 0 1-1.1978 0.1442c-0.26747 0.01163-0.53726 0.01163-0.80473 0a8.7217 8.7217 0 0 1-1.1978-0.1442c-0.26282-0.05117-0.52563-0.11629-0.78379-0.19072a8.3729 8.3729 0 0 1 0-16.048c0.25816-0.07675 0.52098-0.13955 0.78379-0.19072a8.7217 8.7217 0 0 1 1.1978-0.1442c0.26747-0.01163 0.53726-0.01163 0.80473 0a8.7217 8.7217 0 0 1 1.1978 0.1442c0.26282 0.05117 0.52563 0.11396 0.7838 0.19072a8.3729 8.3729 0 0 1 3.5375 13.955zm-5.9215-54.996a2.791 2.791 0 1 1-2.791 2.791 2.791 2.791 0 0 1 2.791-2.791zm0 8.6055a2.791 2.791 0 1 1-2.791 2.791 2.791 2.791 0 0 1 2.791-2.791zm0 8.3729a2.791 2.791 0 1 1-2.791 2.791 2.791 2.791 0 0 1 2.791-2.791zm0 8.6055a2.791 2.791 0 1 1-2.791 2.791 2.791 2.791 0 0 1 2.791-2.791zm0 72.565a2.791 2.791 0 1 1 2.791-2.791 2.791 2.791 0 0 1-2.791 2.791zm0-8.6055a2.791 2.791 0 1 1 2.791-2.791 2.791 2.791 0 0 1-2.791 2.791zm0-8.3729a2.791 2.791 0 1 1 2.791-2.791 2.791 2.791 0 0 1-2.791 2.791zm0-8.6055a2.791 2.791 0 1 1 2.791-2.791 2.791 2.791 0 0 1-2.791 2.791z`;default:return`m101.6 59.589-4.3167-54.166c0-2.8654-2.6026-5.1912-5.8145-5.1912s-5.8145 2.3258-5.8145 5.1912l-4.3167 54.166a8.3264 8.3264 0 0 0-0.10234 1.2792c0 5.047 4.5818 9.1381 10.234 9.1381s10.234-4.0911 10.234-9.1381a8.3264 8.3264 0 0 0-0.10233-1.2792zm-10.131-48.658a2.791 2.791 0 1 1-2.791 2.791 2.791 2.791 0 0 1 2.791-2.791zm0 8.6055a2.791 2.791 0 1 1-2.791 2.791 2.791 2.791 0 0 1 2.791-2.791zm0 8.3729a2.791 2.791 0 1 1-2.791 2.791 2.791 2.791 0 0 1 2.791-2.791zm0 8.6055a2.791 2.791 0 1 1-2.791 2.791 2.791 2.791 0 0 1 2.791-2.791zm5.9215 29.412a8.3729 8.3729 0 1 1 0-11.843 8.3729 8.3729 0 0 1 0 11.843z`}}render(){return P`
      <svg
        xmlns="http://www.w3.org/2000/svg"
        xmlns:xlink="http://www.w3.org/1999/xlink"
        width="45mm"
        height="31.63mm"
        version="1.1"
        viewBox="0 0 170.08 119.55"
      >
        <defs>
          <g id="pin">
            <rect x="0" y="-1.91" width="3.72" height="3.71" />
            <path d="m2.026 -1.91h13.532l-13.425 0.51865z" />
            <path d="m2.026 1.80h13.532l-13.425-0.50702z" />
            <rect fill="#ccc" x="0.33" y="-1.23" width="3.04" height="2.46" rx=".15" />
          </g>
        </defs>
        <g stroke-width="2.7" fill="none">
          <path
            stroke="#b44200"
            d="m 83.32,56.6 c0,0 -32.99,0.96 -43.32,0 -6.20,-0.58 -10.60,-6.20 -14.87,-6.31"
          />
          <path stroke="#ff2300" d="m83.326 59.6h-62.971" />
          <path
            stroke="#f47b00"
            d="m 83.32,62.6 c0,0 -32.60,-0.61 -43.33,-0.15 -6.87,0.29 -12.01,6.82 -14.77,6.73"
          />
        </g>
        <rect fill="#666" y="45.5" width="25.71" height="28" rx="1.14" />
        <use xlink:href="#pin" x="4.7" y="50.06" />
        <use xlink:href="#pin" x="4.7" y="59.66" />
        <use xlink:href="#pin" x="4.7" y="69.26" />
        <path
          fill="#4d4d4d"
          d="m163.92 66.867a7.09 7.09 0 1 1 5.8145-11.136 0.18 0.18 0 0 0 0.33-0.10234v-14.346h-17.664v36.98h17.676v-14.346a0.18 0.18 0 0 0-0.333-0.107 7.08 7.08 0 0 1-5.83 3.06z"
        />
        <path
          fill="#4d4d4d"
          d="m55.068 66.75a7.09 7.09 0 1 0-5.8261-11.136 0.18 0.18 0 0 1-0.33-0.10234v-14.346h17.676v36.98h-17.676v-14.346a0.18 0.18 0 0 1 0.333-0.107 7.08 7.08 0 0 0 5.83 3.06z"
        />
        <rect fill="#666" x="64.255" y="37.911" width="90.241" height="43.725" rx="5.3331" />
        <path fill="gray" d="m110.07 50.005h-14.42v19.537h14.42a9.7684 9.7684 0 0 0 0-19.537z" />
        <circle fill="#999" cx="91.467" cy="59.773" r="18.606" />
        <path
          fill=${this.hornColor}
          transform="translate(91.467 59.773) rotate(${this.angle??0}) translate(-91.467 -59.773)"
          d="${this.hornPath()}"
        />
        <circle fill="gray" cx="91.467" cy="59.773" r="8.3729" />
        <circle fill="#ccc" cx="91.467" cy="59.773" r="6.2494" />
        <path
          fill="#666"
          d="m94.911 62.543-2.3839-2.4165a0.42562 0.42562 0 0 1 0-0.60471l2.4281-2.3863a0.64657 0.64657 0 0 0 0.06512-0.8652 0.62797 0.62797 0 0 0-0.93032-0.05117l-2.4351 2.4049a0.4326 0.4326 0 0 1-0.60703 0l-2.3863-2.4165a0.6489 0.6489 0 0 0-0.8652-0.06512 0.63262 0.63262 0 0 0-0.05117 0.93032l2.4049 2.4328a0.42795 0.42795 0 0 1 0 0.60703l-2.4142 2.3863a0.65122 0.65122 0 0 0-0.06745 0.8652 0.63029 0.63029 0 0 0 0.93032 0.05117l2.4351-2.4049a0.42562 0.42562 0 0 1 0.60471 0l2.3863 2.4398a0.63262 0.63262 0 0 0 0.93032-0.04186 0.64657 0.64657 0 0 0-0.04419-0.8652z"
        />
      </svg>
    `}};vr([H()],yr.prototype,`angle`,void 0),vr([H()],yr.prototype,`horn`,void 0),vr([H()],yr.prototype,`hornColor`,void 0),yr=vr([V(`wokwi-servo`)],yr);var br=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},xr=class extends B{constructor(){super(...arguments),this.value=0,this.pinInfo=[{name:`1`,number:1,y:34,x:6.5,signals:[]},{name:`2`,number:2,y:34,x:16,signals:[]},{name:`3`,number:3,y:34,x:25.5,signals:[]}]}static get styles(){return k`
      .hide-input {
        position: absolute;
        clip: rect(0 0 0 0);
        width: 1px;
        height: 1px;
        margin: -1px;
      }
      svg #handle {
        transition: transform 0.2s linear;
      }
      input:checked + svg #handle {
        transform: translate(2px, 0);
      }
      input:focus + svg #handle {
        stroke-width: 0.4px;
        stroke: #8080ff;
      }
    `}onClick(){let e=this.shadowRoot?.querySelector(`.hide-input`);e&&(e.checked=!e.checked,this.onValueChange(e),e?.focus())}onValueChange(e){this.value=+!!e.checked,this.dispatchEvent(new InputEvent(`input`,{detail:this.value}))}renderSVG(){return P`<svg
      width="8.5mm"
      height="9.23mm"
      version="1.1"
      viewBox="0 0 8.5 9.23"
      xmlns="http://www.w3.org/2000/svg"
      xmlns:xlink="http://www.w3.org/1999/xlink"
      @click="${this.onClick}"
    >
      <defs>
        <radialGradient
          id="a"
          cx="9.33"
          cy="122"
          r="4.25"
          gradientTransform="matrix(1.75 -.511 .28 .959 -41.2 8.15)"
          gradientUnits="userSpaceOnUse"
        >
          <stop stop-color="#808080" offset="0" />
          <stop stop-color="#b5b5b5" offset="1" />
        </radialGradient>
      </defs>
      <g fill="#aaa" stroke-width=".0673">
        <rect x="4" y="5" width=".5" height="4.2" rx=".25" ry=".25" />
        <rect x="1.54" y="5" width=".5" height="4.2" rx=".25" ry=".25" />
        <rect x="6.5" y="5" width=".5" height="4.2" rx=".25" ry=".25" />
      </g>
      <path
        id="handle"
        d="m2.74 0.128 0.145-0.128 0.177 0.0725 0.174-0.0725 0.151 0.0725 0.154-0.0725 0.151 0.0725 0.128-0.0725 0.134 0.0725 0.123-0.0725 0.145 0.128 2e-5 2h-1.48z"
        stroke-width=".0623"
      />
      <rect x="0" y="2.06" width="8.5" height="3.48" fill="url(#a)" stroke-width=".0548" />
      <rect x=".0322" y="4.74" width="1.55" height=".805" stroke-width=".0637" />
      <rect x="6.95" y="4.74" width="1.55" height=".805" stroke-width=".0637" />
      <rect x="2.55" y="4.74" width="3.47" height=".805" stroke-width=".0955" />
    </svg>`}render(){let{value:e}=this;return P`
      <input
        tabindex="0"
        type="checkbox"
        class="hide-input"
        .checked=${e}
        @input="${e=>this.onValueChange(e.target)}"
      />
      ${this.renderSVG()}
    `}};br([H()],xr.prototype,`value`,void 0),xr=br([V(`wokwi-slide-switch`)],xr);var Sr=function(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a},Cr=class extends B{static get styles(){return k`
      .container {
        position: relative;
      }

      .container > canvas {
        position: absolute;
        left: 11.5px;
        top: 27px;
      }

      .pixelated {
        image-rendering: crisp-edges; /* firefox */
        image-rendering: pixelated; /* chrome/webkit */
      }
    `}constructor(){super(),this.width=150,this.height=116,this.screenWidth=128,this.screenHeight=64,this.canvas=void 0,this.ctx=null,this.pinInfo=[{name:`DATA`,x:36.5,y:12.5,signals:[Rn(`SDA`)]},{name:`CLK`,x:45.5,y:12.5,signals:[Rn(`SCL`)]},{name:`DC`,x:54.5,y:12.5,signals:[]},{name:`RST`,x:64.5,y:12.5,signals:[]},{name:`CS`,x:74.5,y:12.5,signals:[]},{name:`3V3`,x:83.5,y:12.5,signals:[{type:`power`,signal:`VCC`,voltage:3.3}]},{name:`VIN`,x:93.5,y:12.5,signals:[{type:`power`,signal:`VCC`}]},{name:`GND`,x:103.5,y:12,signals:[{type:`power`,signal:`GND`}]}],this.imageData=new ImageData(this.screenWidth,this.screenHeight)}redraw(){this.ctx?.putImageData(this.imageData,0,0)}initContext(){this.canvas=this.shadowRoot?.querySelector(`canvas`),this.ctx=this.canvas?.getContext(`2d`)}firstUpdated(){this.initContext(),this.ctx?.putImageData(this.imageData,0,0)}updated(){this.imageData&&this.redraw()}renderSVG(){let{width:e,height:t,screenWidth:n,screenHeight:r}=this;return P`<svg width="${e}" height="${t}" xmlns="http://www.w3.org/2000/svg">
      <rect stroke="#BE9B72" fill="#025CAF" x=".5" y=".5" width="148" height="114" rx="13" />

      <g transform="translate(6 6)" fill="#59340A" stroke="#BE9B72" stroke-width="0.6px">
        <circle cx="130" cy="6" r="5.5" />
        <circle cx="6" cy="6" r="5.5" />
        <circle cx="130" cy="96" r="5.5" />
        <circle cx="6" cy="96" r="5.5" />
      </g>

      <!-- 128 x 64 screen -->
      <rect x="11.4" y="26" fill="#1A1A1A" width="${n}" height="${r}" />

      <!-- All texts -->
      <text
        fill="#FFF"
        text-anchor="middle"
        font-size="5"
        font-weight="300"
        font-family="monospace"
      >
        <tspan x="37" y="8">Data</tspan>
        <tspan x="56" y="8">SA0</tspan>
        <tspan x="78" y="8">CS</tspan>
        <tspan x="97" y="8">Vin</tspan>
        <tspan x="41" y="23">C1k</tspan>
        <tspan x="53" y="23">DC</tspan>
        <tspan x="64" y="23">Rst</tspan>
        <tspan x="80" y="23">3v3</tspan>
        <tspan x="99" y="23">Gnd</tspan>
      </text>

      <!-- Star -->
      <path
        fill="#FFF"
        d="M115.5 10.06l-1.59 2.974-3.453.464 2.495 2.245-.6 3.229 3.148-1.528 3.148 1.528-.6-3.23 2.495-2.244-3.453-.464-1.59-2.974z"
        stroke="#FFF"
      />

      <!-- PINS -->
      <g transform="translate(33 9)" fill="#9D9D9A" stroke-width="0.4">
        <circle stroke="#262626" cx="70.5" cy="3.5" r="3.5" />
        <circle stroke="#007ADB" cx="60.5" cy="3.5" r="3.5" />
        <circle stroke="#9D5B96" cx="50.5" cy="3.5" r="3.5" />
        <circle stroke="#009E9B" cx="41.5" cy="3.5" r="3.5" />
        <circle stroke="#E8D977" cx="31.5" cy="3.5" r="3.5" />
        <circle stroke="#C08540" cx="21.5" cy="3.5" r="3.5" />
        <circle stroke="#B4AEAB" cx="12.5" cy="3.5" r="3.5" />
        <circle stroke="#E7DBDB" cx="3.5" cy="3.5" r="3.5" />
      </g>
    </svg>`}render(){let{screenWidth:e,screenHeight:t}=this;return P` <div class="container">
      ${this.renderSVG()}
      <canvas width="${e}" height="${t}" class="pixelated"></canvas>
    </div>`}};Sr([H()],Cr.prototype,`imageData`,void 0),Cr=Sr([V(`wokwi-ssd1306`)],Cr);var wr=e=>document.createElement(e),X=(e,t=0)=>typeof e==`number`?e:t,Z=e=>typeof e==`string`?e:``,Tr=e=>Math.min(1,Math.max(0,e))**.45;function Er(e,t){return ie.has(e.kind)?Nr(t):f[e.kind]?Dr(e.kind,t):Mr(e)}function Dr(e,t){let{tag:n,size:r,pins:i}=f[e],a=wr(n);Object.assign(a,Or(e,t));let o=new Map(a.pinInfo.map(({name:e,x:t,y:n})=>[e,[t,n]])),s=Object.entries(i).map(([e,t])=>[e,t.map(e=>o.get(e)).filter(e=>e!==void 0)]);return{element:a,size:r,pins:new Map(s),show:t=>void Object.assign(a,kr(e,t))}}function Or(e,t){switch(e){case`led`:return{color:Z(t.color)||`red`};case`resistor`:return{value:String(X(t.ohms,1e3))};case`potentiometer`:return{min:0,max:1,step:.001};case`photoresistor`:return{ledPower:!0};case`button`:return{color:`#d23f31`};default:return{}}}function kr(e,t){switch(e){case`led`:return{value:t.lit===!0,brightness:Tr(X(t.brightness))};case`rgb-led`:return{ledRed:Tr(X(t.red)),ledGreen:Tr(X(t.green)),ledBlue:Tr(X(t.blue))};case`button`:return{pressed:t.pressed===!0};case`buzzer`:return{hasSignal:X(t.tone)>0};case`servo`:return{angle:X(t.angle)};case`slide-switch`:return{value:+(t.position===`right`)};case`potentiometer`:return{value:X(t.position,.5)};case`rotary-encoder`:return{angle:X(t.position)*18,pressed:t.pressed===!0};case`seven-segment`:return{values:[...`abcdefg.`].map(e=>+!!Z(t.segments).includes(e))};case`ssd1306`:return typeof t.pixels==`string`?{imageData:Ar(t.pixels,t.size===`128x32`?32:64)}:{};case`mpu6050`:return{led1:t.awake===!0};default:return{}}}function Ar(e,t){let n=new ImageData(128,64),r=t===32?2048:0;for(let t=0;t<e.length/2;t++){let i=parseInt(e.slice(t*2,t*2+2),16);for(let e=0;i&&e<8;e++)i&128>>e&&n.data.set([190,230,255,255],(r+t*8+e)*4)}return n}var jr=e=>new Map(Object.entries(e).map(([e,t])=>[e,[t]]));function Mr({kind:e,title:t,pins:n}){let r=te[e]??h(n.map(({name:e})=>e)),[i=t]=t.split(` `),a=e=>({element:e,show(){}}),{element:o,show:s}=(()=>{switch(e){case`relay`:{let e=xt(r);return{element:e.element,show:t=>e.show(t.on===!0)}}case`tm1637`:{let e=vt(r);return{element:e.element,show:t=>e.show(Z(t.segments),Z(t.text).includes(`:`),X(t.brightness))}}case`shift-register`:return a(yt(r,`74HC595`));case`dht11`:return a(ht(r));case`ds18b20`:return a(wt(r));case`ds3231`:return a(bt(r,i,`#20549c`));default:return a(bt(r,i))}})();return{element:o,size:r.size,pins:jr(r.pins),show:s}}function Nr(e){let t=Math.max(1,Math.round(X(e.count,8))),n=re(t),{element:r,show:i}=Ct(n,t);return{element:r,size:n.size,pins:jr(n.pins),show:t=>i(Z(t.pixels),Z(e.order).length===4?4:3)}}var Pr={width:84,height:56},Fr=e=>Object.fromEntries(e.settings.map(({name:e,usual:t})=>[e,t])),Ir=class{hooks;element;#e;#t=o(`div`,{class:`kinds`});#n=o(`p`,{class:`hint`,hidden:!0},i.circuit.nothingFound);#r=[];constructor(e){this.hooks=e;let t=i.circuit;this.#e=o(`input`,{type:`search`,placeholder:t.search,"aria-label":t.search,autocomplete:`off`,spellcheck:`false`,oninput:()=>this.#i()}),this.element=o(`div`,{class:`palette`,role:`dialog`,"aria-label":t.palette,hidden:!0,onkeydown:e=>this.#a(e)},o(`div`,{class:`head`},this.#e,s(c.close,t.close,()=>this.close())),this.#t,this.#n)}open(e){this.#r.length!==e.length&&(this.#r=e.map(e=>({kind:e,button:this.#s(e),words:`${e.kind} ${e.title} ${e.text}`.toLowerCase()})),this.#t.replaceChildren(...this.#r.map(({button:e})=>e))),this.element.hidden=!1,this.#e.value=``,this.#i(),this.#e.focus()}close(){this.element.hidden||(this.element.hidden=!0,this.hooks.closed())}#i(){let e=this.#e.value.trim().toLowerCase().split(/\s+/),t=0;for(let{button:n,words:r}of this.#r)n.hidden=!e.every(e=>r.includes(e)),n.hidden||t++;this.#n.hidden=t>0}#a(e){let t=this.#r.filter(({button:e})=>!e.hidden),n=t.findIndex(({button:e})=>e===document.activeElement),r=Math.max(1,Math.floor(this.#t.clientWidth/(Pr.width+16))),i={ArrowRight:1,ArrowLeft:-1,ArrowDown:n<0?1:r,ArrowUp:-r}[e.key];if(e.key===`Escape`)this.close();else if(e.key===`Enter`&&n<0&&t[0])this.#o(t[0].kind);else if(i!==void 0&&(n>=0||i>0)&&!(n<0&&e.key===`ArrowRight`))(t[n+i]?.button??(n+i<0?this.#e:void 0))?.focus();else return;e.preventDefault(),e.stopPropagation()}#o(e,t){this.close(),this.hooks.add(e,t)}#s(e){let t=o(`button`,{type:`button`,class:`kind`,title:e.text,"data-kind":e.kind},Lr(e),o(`span`,{},e.title));return t.addEventListener(`click`,()=>this.#o(e)),t.addEventListener(`pointerdown`,n=>this.#c(e,t,n)),t}#c(e,t,n){if(n.button!==0||n.pointerType===`touch`)return;let r,i=t=>{!r&&Math.hypot(t.clientX-n.clientX,t.clientY-n.clientY)<8||(r||(r=Lr(e),r.classList.add(`ghost`),document.body.append(r),this.element.classList.add(`away`)),r.style.transform=`translate(${t.clientX}px, ${t.clientY}px) translate(-50%, -50%)`)},a=n=>{if(removeEventListener(`pointermove`,i),removeEventListener(`pointerup`,a),removeEventListener(`pointercancel`,a),this.element.classList.remove(`away`),!r)return;r.remove();let o=e=>e.stopImmediatePropagation();t.addEventListener(`click`,o,{capture:!0}),setTimeout(()=>t.removeEventListener(`click`,o,{capture:!0})),n.type===`pointerup`&&this.#o(e,{x:n.clientX,y:n.clientY})};addEventListener(`pointermove`,i),addEventListener(`pointerup`,a),addEventListener(`pointercancel`,a)}};function Lr(e){let{element:t,size:n,show:r}=Er(e,Fr(e));r({});let i=Math.min(Pr.width/n[0],Pr.height/n[1],1),a=o(`div`,{class:`picture`,inert:!0,style:`width:${n[0]}px;height:${n[1]}px;transform:translate(-50%,-50%) scale(${i})`},t);return o(`div`,{class:`thumb`,style:`width:${Pr.width}px;height:${Pr.height}px`},a)}var Rr=.03,zr=.008,[Br,Vr]=[20,16e3],Hr=`coil.sound`,Ur=class{isOn=Wr();#e;#t=new Map;#n=new Map;toggle(){this.isOn=!this.isOn;try{localStorage.setItem(Hr,String(this.isOn))}catch{}this.play(this.#n)}play(e){this.#n=e;let t=e=>this.isOn&&e!==void 0&&e>=Br&&e<=Vr;if(!this.#e&&![...e.values()].some(t))return;let n=this.#e??=new AudioContext;this.isOn&&n.state===`suspended`&&n.resume();for(let[r,i]of e){if(!t(i))continue;let e=this.#t.get(r)??this.#r(n,r);e.oscillator.frequency.setTargetAtTime(i,n.currentTime,zr/4),e.gain.gain.setTargetAtTime(Rr,n.currentTime,zr)}for(let[r,{gain:i}]of this.#t)t(e.get(r))||i.gain.setTargetAtTime(0,n.currentTime,zr)}#r(e,t){let[n,r]=[e.createOscillator(),e.createGain()];n.type=`square`,r.gain.value=0,n.connect(r).connect(e.destination),n.start();let i={oscillator:n,gain:r};return this.#t.set(t,i),i}};function Wr(){try{return localStorage.getItem(Hr)===`true`}catch{return!1}}var Gr=400,Kr=1e3,qr=class{board;hooks;circuit=new e(v);saved=new e(`saved`);refused=new e(void 0);broken=new e(void 0);file=`circuit.toml`;isLoaded=!1;#e=null;#t=v;#n;#r=!1;#i=Promise.resolve();constructor(e,t){this.board=e,this.hooks=t}async load(){await this.#a(()=>this.#u()),this.isLoaded=!0;let e=this.circuit.now;if(e!==v)return this.change(Ue(v,e,this.#t));this.#d(this.#t);let t=Xr(this.board);if(!t||this.broken.now)return;let n=Ue(t.base,t.mine,this.#t);if(S(n,this.#t))return Qr(this.board);this.hooks.found(),this.change(n)}change(e){this.broken.now===void 0&&(this.circuit.set(e),this.refused.set(void 0),Zr(this.board,{base:this.#t,mine:e}),this.saved.set(`saving`),clearTimeout(this.#n),this.#n=setTimeout(()=>void this.save(),Gr))}startAnew(){this.broken.set(void 0),this.change(v),this.save(!0)}refresh(){this.#a(()=>this.#l()).catch(()=>{})}heard(e){this.#a(async()=>{e!==this.#e&&await this.#l()}).catch(()=>{})}close(){this.save(),this.#r=!0}async save(e=!1){if(clearTimeout(this.#n),!this.#r)try{await this.#a(()=>this.#o(e))}catch(e){this.#c(e)}}#a(e){let t=this.#i.then(e);return this.#i=t.catch(()=>{}),t}async#o(e){for(let t=e;;t=!1){if(this.broken.now!==void 0||this.refused.now!==void 0)return;let e=this.circuit.now;if(!t&&S(e,this.#t))return this.#s();let n=await l.write(this.board,e,this.#e);n===void 0?await this.#l():(this.#e=n,this.#t=e)}}#s(){Qr(this.board),this.saved.set(`saved`)}#c(e){u(e)?(this.refused.set(e.message),this.saved.set(`refused`)):(this.saved.set(`away`),this.#r||(this.#n=setTimeout(()=>void this.save(),Kr)))}async#l(){let e=this.#t;await this.#u();let t=this.circuit.now;if(S(t,e)||this.broken.now!==void 0)return this.#d(this.#t);let n=Ue(e,t,this.#t);S(n,t)||(this.hooks.merged(),this.change(n))}async#u(){let{version:e,file:t,circuit:n,error:r}=await l.circuit(this.board);this.#e=e,this.#t=Jr(n),this.file=t,this.broken.set(r??void 0)}#d(e){S(this.circuit.now,e)||this.circuit.set(e)}};function Jr({parts:e,wires:t}){let n=({turned:e,...t})=>e?{...t,turned:e}:t;return{parts:Object.fromEntries(Object.entries(e).map(([e,t])=>[e,n(t)])),wires:t}}var Yr=e=>`coil.circuit.${e}`;function Xr(e){try{let t=JSON.parse(localStorage.getItem(Yr(e))??`null`);return t?.base?.parts&&t?.mine?.parts?t:void 0}catch{return}}function Zr(e,t){try{localStorage.setItem(Yr(e),JSON.stringify(t))}catch{}}function Qr(e){try{localStorage.removeItem(Yr(e))}catch{}}var $r=class{hooks;element;#e;#t=o(`p`,{class:`strip`,role:`status`,hidden:!0});#n=o(`div`,{class:`strip bad`,role:`alert`,hidden:!0});#r=o(`div`,{class:`strip bad`,role:`alert`,hidden:!0});#i=o(`ul`,{class:`faults`,"aria-label":i.circuit.fault});constructor(e){this.hooks=e;let t=i.circuit;this.#e=o(`div`,{class:`empty`,hidden:!0},o(`strong`,{},t.empty),o(`p`,{},t.emptyText)),this.element=o(`div`,{class:`strips`},this.#r,this.#n,this.#i,this.#t,this.#e)}empty(e){this.#e.hidden=!e||!this.#r.hidden}wiring(e){this.#t.hidden=e===void 0,e!==void 0&&(this.#t.textContent=i.circuit.wiring(e))}refused(e){let t=i.circuit;this.#n.hidden=e===void 0,this.#n.replaceChildren(...e===void 0?[]:[a(c.warn),o(`p`,{},...n(t.refused(e))),o(`button`,{type:`button`,onclick:()=>this.hooks.undo()},a(c.undo),t.undoShort)])}broken(e){this.#r.hidden=e===void 0,this.#r.replaceChildren(...e===void 0?[]:[a(c.warn),o(`p`,{},...n(e)),o(`button`,{type:`button`,title:i.circuit.startAnewHint,onclick:()=>this.hooks.startAnew()},i.circuit.startAnew)])}faults(e){let t=i.circuit;this.#i.replaceChildren(...e.map(e=>{let{part:r,text:i,isOld:l}=e,u=r===null?t.onBoard:r,d=r===null?o(`strong`,{},u):o(`button`,{type:`button`,class:`link`,onclick:()=>this.hooks.choose(r)},u);return o(`li`,{class:`strip fault ${l?`old`:``}`},a(c.warn),o(`p`,{},d,` `,...l?[`${t.earlier} `]:[],...n(i)),s(c.close,t.dismiss,()=>this.hooks.dismiss(e)))}))}clear(){this.wiring(void 0),this.refused(void 0),this.broken(void 0),this.faults([]),this.empty(!1)}};function ei([e,t],[n,r],i){let[a,o]=[e-n/2,t-r/2],[s,c]={90:[-o,a],180:[-a,-o],270:[o,-a]}[i]??[a,o];return[n/2+s,r/2+c]}function ti([e,t],[n,r],i){return i%180==0?{x:e,y:t,width:n,height:r}:{x:e+(n-r)/2,y:t+(r-n)/2,width:r,height:n}}function ni([e,t],n){return[[t-n.y,`top`],[n.y+n.height-t,`bottom`],[e-n.x,`left`],[n.x+n.width-e,`right`]].sort(([e],[t])=>e-t)[0]?.[1]}var ri={left:[-1,0],right:[1,0],top:[0,-1],bottom:[0,1]};function ii(e,t,n=0){let[r,i]=e.at,[a,o]=t.at,[s,c]=[ri[e.side],ri[t.side]],l=Math.hypot(a-r,o-i),u=Math.min(18+l*.32,120)+n%5*5;return`M${Q(r)} ${Q(i)}C${Q(r+s[0]*u)} ${Q(i+s[1]*u)} ${Q(a+c[0]*u)} ${Q(o+c[1]*u)} ${Q(a)} ${Q(o)}`}var Q=e=>Math.round(e*10)/10;function ai(e,t){let n,r=1/0;for(let i of e)for(let e of t){let t=Math.hypot(i.at[0]-e.at[0],i.at[1]-e.at[1]);t<r&&([n,r]=[[i,e],t])}return n}function oi(e){if(!e.length)return;let t=Math.min(...e.map(e=>e.x)),n=Math.min(...e.map(e=>e.y)),r=Math.max(...e.map(e=>e.x+e.width)),i=Math.max(...e.map(e=>e.y+e.height));return{x:t,y:n,width:r-t,height:i-n}}var si=(e,t,n)=>e.x<t.x+t.width+n&&t.x<e.x+e.width+n&&e.y<t.y+t.height+n&&t.y<e.y+e.height+n;function ci(e,t,n,r,i,a,o=[t.x+t.width,t.y]){let s=oi([t,...n]),[c,l]=[i*Math.floor((s.x-e[0]-r*3)/i),i*Math.floor((s.y-e[1]-r*3)/i)],u=[s.x,s.y+s.height+r],d=1/0;for(let f=l;f<=s.y+s.height+r*3;f+=i)for(let l=c;l<=s.x+s.width+r*3;l+=i){let i={x:l,y:f,width:e[0],height:e[1]};if(si(i,t,r*2)||n.some(e=>si(i,e,r)))continue;let{width:c,height:p}=oi([s,i]),m=Math.hypot(l+e[0]/2-o[0],f+e[1]/2-o[1]),h=Math.max(c/a[0],p/a[1])+m/1e5;h<d&&([u,d]=[[l,f],h])}return u}var li=1.55,ui=1.1,di={blue:`#4da3ff`,red:`#ff5348`,green:`#4ade80`,yellow:`#ffd54a`,white:`#f4f7ff`,orange:`#ff9d3c`},fi=class{device;element;box;spots=[];#e=new Map;#t=new Map;constructor(e){this.device=e;let[t,n]=e.size;this.box={x:0,y:0,width:t*d,height:n*d},this.element=T(`svg`,{class:`device`,width:this.box.width,height:this.box.height,viewBox:`0 0 ${t} ${n}`,role:`group`,"aria-label":e.title},T(`rect`,{x:0,y:0,width:t,height:n,rx:2,fill:`#16324f`}),T(`rect`,{x:.4,y:.4,width:t-.8,height:n-.8,rx:1.7,fill:`none`,stroke:`#2a5078`,"stroke-width":.25}),this.#s(),...this.#o(),...this.#c(),...e.buttons.map(e=>this.#l(e)),...e.headers.map(e=>this.#r(e)))}get middle(){let e=this.spots.filter(({gpio:e})=>e!==void 0),t=t=>e.reduce((e,{at:n})=>e+n[t],0)/Math.max(e.length,1);return[t(0),t(1)]}level(e,t){for(let n of this.#e.get(e)??[])n.style.opacity=String(t>0?.35+.65*t**.45:0)}clear(){for(let e of this.#e.values())for(let t of e)t.style.opacity=`0`}held(e,t){this.#t.get(e)?.classList.toggle(`held`,t)}#n(e,t){return t.style.opacity=`0`,this.#e.set(e,[...this.#e.get(e)??[],t]),t}#r({at:e,step:t,pins:n}){let[r,i]=t,a=[e[0]+r*(n.length-1),e[1]+i*(n.length-1)],[o,s]=[Math.min(e[0],a[0])-1.27,Math.min(e[1],a[1])-1.27],[c,l]=[Math.abs(a[0]-e[0])+2.54,Math.abs(a[1]-e[1])+2.54],u=T(`rect`,{x:o,y:s,width:c,height:l,rx:.4,fill:`#101317`}),d=Math.abs(i)>=Math.abs(r),f=Math.max(...n.map(({label:e})=>e.length)),p=Math.min(li,Math.max(ui,(d?this.#i(e[0]):1/0)/(f*.64)));return T(`g`,{},u,...n.flatMap((t,n)=>this.#a(t,[e[0]+r*n,e[1]+i*n],d,p)))}#i(e){let{at:t,size:n}=this.device.module;return(e<this.device.size[0]/2?t[0]-e:e-t[0]-n[0])-1.7}#a(e,[t,n],r,i){let[a,o]=this.device.size,s=[t*d,n*d],c=t<a/2?`left`:`right`,l=r?c:ni(s,this.box);e.end!==void 0&&this.spots.push({at:s,side:l,end:e.end,label:e.label,...e.gpio===void 0?{}:{gpio:e.gpio}});let u=r?t<a/2?1:-1:n<o/2?1:-1,f=r?[t+u*1.6,n+i*.35]:[t+i*.35,n+u*1.8],p=r===u>0?`start`:`end`,m=T(`text`,{x:f[0],y:f[1],class:`print`,"font-size":i,"text-anchor":p,...r?{}:{transform:`rotate(-90 ${f[0]} ${f[1]})`}},e.label),h=T(`rect`,{x:t-.55,y:n-.55,width:1.1,height:1.1,rx:.15,fill:e.end===void 0?`#4a4f57`:`#d7b44a`});if(e.gpio===void 0)return[h,m];let g=T(`circle`,{cx:t,cy:n,r:1.15,class:`high`});return[h,this.#n(e.gpio,g),m]}#o(){let{at:e,size:t}=this.device.module,[[n,r],[i,a]]=[e,t],o=[n+i/2,r+a/2],s=a>=i,c={bottom:`top`,top:`bottom`,left:`right`,right:`left`}[this.device.usb.side],l=s?c===`bottom`?`bottom`:`top`:c===`left`?`left`:`right`,[u,d]=s?[i,a]:[a,i],f=Math.min(6,d*.24),p=f-2.4,m=Math.floor((u-3)/2.4),h=`M${-u/2+1.5} ${-d/2+1+p}${Array.from({length:m},(e,t)=>`v${t%2?p:-p}h2.4`).join(``)}`,[g,ee]=[-d/2+f,d-f],te={top:0,right:90,bottom:180,left:270}[l],ne={top:[0,f/2],right:[-f/2,0],bottom:[0,-f/2],left:[f/2,0]}[l],re={"text-anchor":`middle`,"font-family":`system-ui, sans-serif`,x:o[0]+ne[0]};return[T(`g`,{transform:`translate(${o[0]} ${o[1]}) rotate(${te})`},T(`rect`,{x:-u/2,y:-d/2,width:u,height:d,rx:.5,fill:`#0c0e11`}),T(`path`,{d:h,fill:`none`,stroke:`#b8963c`,"stroke-width":.45}),T(`rect`,{x:-u/2+1,y:g+.7,width:u-2,height:ee-1.6,rx:.6,fill:`#c3c8cf`}),T(`rect`,{x:-u/2+1.5,y:g+1.2,width:u-3,height:ee-2.6,rx:.4,fill:`none`,stroke:`#a3a9b1`,"stroke-width":.25})),T(`text`,{...re,y:o[1]+ne[1]+.2,"font-size":2.6,"font-weight":600,fill:`#4b525b`},`ESP32`),T(`text`,{...re,y:o[1]+ne[1]+2.5,"font-size":1.25,fill:`#6a727c`},this.device.title)]}#s(){let[e,t]=this.device.usb.at,{side:n}=this.device.usb,[r,i]=n===`top`||n===`bottom`?[7.5,5.6]:[5.6,7.5],a=1.4,o=n===`left`?-1.4:n===`right`?this.device.size[0]-r+a:e-r/2,s=n===`top`?-1.4:n===`bottom`?this.device.size[1]-i+a:t-i/2;return T(`g`,{class:`usb`},T(`rect`,{x:o,y:s,width:r,height:i,rx:.7,fill:`#b4bac2`,stroke:`#8b929b`,"stroke-width":.25}),T(`rect`,{x:o+1,y:s+1,width:r-2,height:i-2,rx:.4,fill:`none`,stroke:`#9aa1aa`,"stroke-width":.25}))}#c(){let[e,t]=this.device.usb.at,n={top:[e+2,t+8.5],bottom:[e+2,t-8.5],left:[e+8,t+6.5],right:[e-8,t+6.5]}[this.device.usb.side],r=[pi(n,di.red,`ON`)],{led:i}=this.device;if(i){let e=pi(i.at,di[i.color]??di.blue??``,`LED`),t=e.querySelector(`.lit`);t&&this.#n(i.gpio,t),e.setAttribute(`data-led`,String(i.gpio)),r.push(e)}return r}#l({name:e,at:[t,n]}){let r=n+4<this.device.size[1]?n+3.6:n-2.4,i=T(`g`,{class:`device-button`,"data-button":e,tabindex:0,role:`button`,"aria-label":e},T(`rect`,{x:t-1.9,y:n-1.9,width:3.8,height:3.8,rx:.4,fill:`#c3c8cf`}),T(`circle`,{cx:t,cy:n,r:1.3,class:`cap`}),T(`text`,{x:t,y:r,class:`print`,"font-size":1.6,"text-anchor":`middle`},e));return this.#t.set(e,i),i}};function pi([e,t],n,r){return T(`g`,{},T(`rect`,{x:e-.9,y:t-.55,width:1.8,height:1.1,rx:.2,fill:`#e9ecef`}),T(`g`,{class:`lit`},T(`circle`,{cx:e,cy:t,r:2,fill:n,opacity:.16}),T(`circle`,{cx:e,cy:t,r:1.4,fill:n,opacity:.3}),T(`rect`,{x:e-.7,y:t-.5,width:1.4,height:1,rx:.2,fill:n}),T(`circle`,{cx:e,cy:t,r:.35,fill:`#fff`})),T(`text`,{x:e,y:t+2.3,class:`print`,"font-size":1.2,"text-anchor":`middle`},r))}var mi=270,hi=18;function gi(e,t,n,r){let i=e.pinAt(n,r),a=e.from.now;if(a)return yi(e,t,a,i);if(i)return vi(e,t,i,r);let o=document.elementsFromPoint(r.clientX,r.clientY),s=o.find(e=>e.classList.contains(`zone`)),c=s&&e.parts.get(s.closest(`[data-part]`)?.dataset.part??``);if(c)return bi(e,t,c,s.dataset.does,n,r);let{button:l,wire:u,part:d}=o.map(e=>e.closest(`[data-button], [data-wire], [data-part]`)).find(e=>e)?.dataset??{};if(l!==void 0)return Si(t,l,r);let f=e.wires.at(u);if(f)return{move(){},end:(t,n)=>n&&e.selection.set({wire:f})};let p=e.parts.get(d??``);return p&&_i(e,t,p,n,r)}function _i(e,t,n,r,i,a){let o=n.at,s=!1,c=e=>[x((o[0]+e[0]-r[0])/d),x((o[1]+e[1]-r[1])/d)];return a||e.selection.set({part:n.name}),{move:(t,r)=>{if(s||=Math.hypot(r.clientX-i.clientX,r.clientY-i.clientY)>4,!s)return;n.element.classList.add(`held`);let[a,o]=c(t);n.place([a*d,o*d]),e.redraw()},end:(r,i)=>{if(n.element.classList.remove(`held`),!s)return i?a?.():void 0;if(i)return t.change(De(e.circuit,n.name,{at:c(r)}));n.place(o),e.redraw()}}}function vi(e,t,n,r){let i=!1;return e.from.set(n),{move:(t,n)=>{i||=Math.hypot(n.clientX-r.clientX,n.clientY-r.clientY)>8,e.hover(e.pinAt(t,n),t)},end:(r,a,o)=>{if(a&&!i)return;let s=a?e.pinAt(r,o):void 0;e.from.set(void 0),s&&t.change(Ae(e.circuit,n.end,s.end))}}}function yi(e,t,n,r){if(r)return{move:(t,n)=>e.hover(e.pinAt(t,n),t),end:(i,a,o)=>{let s=a?e.pinAt(i,o)??r:void 0;e.from.set(void 0),s&&t.change(Ae(e.circuit,n.end,s.end))}}}function bi(e,t,n,r,i,a){let o=n.zone(r);if(!o)return;let s=n.name;switch(o.does){case`press`:return t.press(s,o.setting,!0,a.shiftKey),{move(){},end:()=>t.press(s,o.setting,!1,!1)};case`toggle`:return _i(e,t,n,i,a,()=>{t.act(s,o.setting,t.value(s,o.setting)===`right`?`left`:`right`)});default:return xi(t,n,o,i)}}function xi(e,t,n,r){let[i,a]=t.center(n),o=([e,t])=>Math.atan2(t-a,e-i)*180/Math.PI,s=Number(e.value(t.name,n.setting)??0),[c,l,u]=[o(r),0,!1],d=()=>n.does===`turn`?Math.min(1,Math.max(0,s+l/mi)):s+Math.round(l/hi);return{move:r=>{let i=o(r);l+=(i-c+540)%360-180,c=i,u||=Math.abs(l)>hi/2,d()!==e.value(t.name,n.setting)&&e.slide(t.name,n.setting,d())},end:r=>{!u&&n.does===`steps`&&e.slide(t.name,n.setting,s+(r[0]<i?-1:1))}}}function Si(e,t,n){return e.boardButton(t,!0,n.shiftKey),{move(){},end:()=>e.boardButton(t,!1,!1)}}var Ci=class{name;kind;element;#e=o(`div`,{class:`body`});#t=o(`div`,{class:`tag`});#n=o(`div`,{class:`badge`,hidden:!0},a(c.warn));#r;#i=``;#a=[0,0];#o=0;isNamedAbove=!1;constructor(e,t,n){this.name=e,this.kind=t,this.#r=Er(t,n.settings),this.element=o(`div`,{class:`part`,tabindex:0,role:`button`,"data-part":e,"data-kind":t.kind},this.#e,this.#t,this.#n),this.change(n)}change(e,t=[0,0]){let n=Be(e.settings);n!==this.#i&&this.#s(e,n),this.#o=e.turned??0,this.place(e.at?[e.at[0]*d,e.at[1]*d]:t)}place(e){this.#a=e;let[t,n]=this.#r.size,r=this.box;this.element.style.transform=`translate(${r.x}px, ${r.y}px)`,this.element.style.width=`${r.width}px`,this.element.style.height=`${r.height}px`,this.#e.style.transform=`translate(${e[0]-r.x}px, ${e[1]-r.y}px) rotate(${this.#o}deg)`,this.#e.style.width=`${t}px`,this.#e.style.height=`${n}px`;let i=new Set(this.pins.flatMap(e=>this.spots(e).map(({side:e})=>e)));this.isNamedAbove=i.has(`bottom`)&&!i.has(`top`),this.element.classList.toggle(`named-above`,this.isNamedAbove)}get at(){return this.#a}get size(){return this.#r.size}get box(){return ti(this.#a,this.#r.size,this.#o)}get pins(){return[...this.#r.pins.keys()]}spots(e){let{size:t,pins:n}=this.#r,r=this.box;return(n.get(e)??[]).map(e=>{let[n,i]=ei(e,t,this.#o),a=[this.#a[0]+n,this.#a[1]+i];return{at:a,side:ni(a,r)}})}center(e){let[t,n]=ei(e.at,this.#r.size,this.#o);return[this.#a[0]+t,this.#a[1]+n]}zone(e){return ae[this.kind.kind]?.find(t=>t.does===e)}show(e){this.#r.show(e);let t=i.circuit.reading(this.kind.kind,e);this.#t.replaceChildren(this.name,...t?[` `,o(`span`,{},t)]:[]),this.element.setAttribute(`aria-label`,i.circuit.partLabel(this.name,this.kind.title,t)),this.element.classList.toggle(`pressed`,e.pressed===!0)}fault(e){this.#n.hidden=e===void 0,this.#n.title=e??``,this.element.classList.toggle(`faulty`,e!==void 0)}#s(e,t){this.#i=t,this.#r=Er(this.kind,e.settings);let n=o(`div`,{class:`picture`,inert:!0},this.#r.element),r=(ae[this.kind.kind]??[]).map(({does:e,at:[t,n],r})=>o(`div`,{class:`zone`,"data-does":e,style:`left:${t-r}px;top:${n-r}px;width:${r*2}px;height:${r*2}px`}));this.#e.replaceChildren(n,...r)}},wi=9,Ti=(e,t)=>e.from===t.from&&e.to===t.to||e.from===t.to&&e.to===t.from,Ei=({from:e,to:t})=>`${e} ${t}`,Di=class{element=T(`svg`,{class:`wires`,width:1,height:1});above=T(`svg`,{class:`wires`,width:1,height:1});#e=T(`g`,{class:`stubs`});#t=T(`g`);#n=T(`g`);#r=T(`path`,{class:`rubber`,d:``});#i=new Map;constructor(){this.element.append(this.#t),this.above.append(this.#e,this.#n,this.#r)}draw(e,t,n){let r=Le(e),i=new Map;for(let[a,o]of Ne(e).entries()){let e=ai(t(o.from),t(o.to));if(!e)continue;let s=r.get(o.from===`nc`?o.to:o.from),c=Ei(o),{group:l,tips:u}=this.#i.get(c)??Oi();ki(l,u,e,ii(e[0],e[1],a));for(let e of[l,u])e.dataset.role=s?.role??`signal`,s?.role===`signal`?e.style.setProperty(`--wire`,`var(--wire-${s.nth})`):e.style.removeProperty(`--wire`);l.dataset.wire=c,l.setAttribute(`aria-label`,n(o)),i.set(c,{group:l,tips:u,segment:o})}for(let[e,{group:t,tips:n}]of this.#i)i.has(e)||(t.remove(),n.remove());for(let{group:e,tips:t}of i.values())e.parentNode||(this.#t.append(e),this.#n.append(t));this.#i=i}stubs(e){this.#e.replaceChildren(...e.map(Ai))}get box(){let{x:e,y:t,width:n,height:r}=this.#n.getBBox();return{x:e,y:t,width:n,height:r}}at(e){return e===void 0?void 0:this.#i.get(e)?.segment}select(e){for(let{group:t,segment:n}of this.#i.values())t.classList.toggle(`selected`,e!==void 0&&Ti(n,e))}hint(e){for(let{group:t,segment:n}of this.#i.values())t.classList.toggle(`hinted`,e.has(n.from)||e.has(n.to))}refuse(e){let t=t=>e!==void 0&&e.includes(t);for(let{group:e,segment:n}of this.#i.values())e.classList.toggle(`refused`,t(n.from)&&t(n.to))}rubber(e,t){if(!e||!t)return this.#r.setAttribute(`d`,``);let n=`side`in t?t:{at:t,side:{left:`right`,right:`left`,top:`bottom`,bottom:`top`}[e.side]};this.#r.setAttribute(`d`,ii(e,n))}};function Oi(){return{group:T(`g`,{class:`wire`,tabindex:-1,role:`button`},T(`path`,{class:`reach`}),T(`path`,{class:`case`}),T(`path`,{class:`line`})),tips:T(`g`,{class:`wire tips`,"aria-hidden":`true`},T(`path`,{class:`line`}),T(`circle`,{r:2.2}),T(`circle`,{r:2.2}))}}function ki(e,t,n,r){for(let n of[...e.children,t.firstElementChild])n.setAttribute(`d`,r);let i=t.firstElementChild.getTotalLength();t.firstElementChild.style.strokeDasharray=i>18?`${wi} ${i-18} ${wi} 0`:`none`,t.querySelectorAll(`circle`).forEach((e,t)=>{let[r,i]=n[t].at;e.setAttribute(`cx`,String(r)),e.setAttribute(`cy`,String(i))})}function Ai({spot:{at:[e,t],side:n},role:r,rail:i}){let a={right:0,bottom:90,left:180,top:270}[n],o=r===`ground`?T(`path`,{d:`M8 -4v8M10.500 -2.500v5M13 -1v2`}):T(`path`,{d:`M8 -3.500v7`});return T(`g`,{class:`stub ${r}`,transform:`translate(${e} ${t}) rotate(${a})`},T(`title`,{},i),T(`path`,{d:`M0 0h8`}),o)}var ji={mouse:9,pen:12,touch:20},Mi=84,$={width:76,height:15},Ni=y*d*2,Pi=class{hands;stage;selection=new e(void 0);from=new e(void 0);wires=new Di;parts=new Map;device;circuit=v;#e=o(`div`,{class:`tip`,role:`tooltip`,hidden:!0});#t=T(`svg`,{class:`pins`,width:1,height:1});#n=new Map;#r=[];#i=new Map;#a;constructor(e,t){this.hands=e,this.stage=new et({grab:(e,t)=>gi(this,this.hands,e,t),hover:(e,t)=>this.hover(e&&this.pinAt(e,t),e),clicked:()=>this.from.now?this.from.set(void 0):this.selection.set(void 0),moved:()=>{this.hover(void 0),t()}}),this.stage.element.append(this.#e),this.stage.element.addEventListener(`focusin`,({target:e})=>{let t=e instanceof HTMLElement&&!this.stage.isHeld?e.dataset.part:void 0;t!==void 0&&this.selection.set({part:t})}),this.selection.watch(()=>this.#l()),this.from.watch(e=>{this.stage.element.classList.toggle(`wiring`,e!==void 0),this.wires.rubber(void 0)}),new ResizeObserver(()=>this.stage.isChosen||this.fit()).observe(this.stage.element)}start(e,t){this.#i=new Map(t.map(e=>[e.kind,e])),this.device=new fi(e),this.parts.clear(),this.#n.clear(),this.selection.set(void 0),this.from.set(void 0),this.stage.isChosen=!1,this.stage.world.replaceChildren(this.device.element,this.wires.element,this.wires.above,this.#t)}kind(e){return this.#i.get(e)}kindOf(e){return this.#i.get(this.circuit.parts[e]?.kind??``)}draw(e){let t=this.circuit===v;this.circuit=e;for(let[t,n]of this.parts)e.parts[t]?.kind!==n.kind.kind&&(n.element.remove(),this.parts.delete(t),this.#n.delete(t));for(let[t,n]of Object.entries(e.parts)){let e=this.#i.get(n.kind);if(!e)continue;let r=this.parts.get(t);r?r.change(n,this.#n.get(t)??r.at):(r=new Ci(t,e,n),this.parts.set(t,r),this.stage.world.insertBefore(r.element,this.wires.above)),!n.at&&!this.#n.has(t)&&this.#o(t,r)}this.redraw();let n=this.selection.now;n&&`part`in n&&!this.parts.has(n.part)&&this.selection.set(void 0),n&&`wire`in n&&!Ne(e).some(e=>Ti(e,n.wire))&&this.selection.set(void 0),this.from.now&&!this.spotsOf(this.from.now.end).length&&this.from.set(void 0),this.#l(),t&&this.fit()}redraw(){this.#r=[...this.device?.spots??[]];for(let e of this.parts.values())for(let t of e.pins)for(let n of e.spots(t))this.#r.push({...n,end:`${e.name}.${t}`});this.wires.draw(this.circuit,e=>this.spotsOf(e),({from:e,to:t})=>i.circuit.wireLabel(e,t)),this.wires.stubs(this.#s()),this.#t.replaceChildren(...this.#r.map(({at:[e,t],end:n})=>T(`circle`,{cx:e,cy:t,r:3,"data-end":n})))}spotsOf(e){let t=b(e);return t===void 0?this.device?.spots.filter(t=>t.end===e)??[]:this.parts.get(t)?.spots(be(e))??[]}pinAt([e,t],n){let r=(ji[n.pointerType]??ji.mouse)*(this.from.now?1.5:1)/this.stage.zoom,i,a=r;for(let n of this.#r){let r=Math.hypot(n.at[0]-e,n.at[1]-t);r<=a&&([i,a]=[n,r])}return i}hover(e,t){let n=this.from.now;if(n&&t&&this.wires.rubber(n,e&&e.end!==n.end?e:t),e===this.#a||(this.#a=e,this.#e.hidden=!e,this.wires.hint(new Set(e?[e.end]:[])),this.stage.element.classList.toggle(`at-pin`,e!==void 0),this.#t.querySelector(`.hovered`)?.classList.remove(`hovered`),!e))return;this.#t.children[this.#r.indexOf(e)]?.classList.add(`hovered`),this.#e.replaceChildren(...this.#c(e));let[r,i]=this.stage.toStage(e.at);this.#e.style.transform=`translate(${Math.min(Math.max(r,60),this.stage.element.clientWidth-60)}px, ${i<50?i+14:i-12}px) translate(-50%, ${i<50?0:-100}%)`}get box(){let e=[...this.parts.values()].map(Fi),t=this.circuit.wires.length?[this.wires.box]:[];return oi([...this.device?[this.device.box]:[],...e,...t])}fit(){this.box&&this.stage.fit(this.box,Math.max(this.covered,this.parts.size?0:Mi))}covered=0;fitFor(e){let t=this.parts.get(e);t&&!this.stage.isSeen(t.box)&&this.fit()}restore(){!this.stage.isChosen&&this.box&&!this.stage.isSeen(this.box)&&this.fit()}reveal(e){let t=this.parts.get(e);t&&this.stage.reveal(t.box,this.covered)}placeFor(e){let t=[...this.parts.values()].map(Fi),n=this.device?.box??{x:0,y:0,width:0,height:0},{clientWidth:r,clientHeight:i}=this.stage.element,[a,o]=[Math.max(e[0],$.width),e[1]+$.height*2],[s,c]=ci([a,o],n,t,Ni,y*d*2,[Math.max(r,300),Math.max(i,300)],this.device?.middle);return[s+(a-e[0])/2,c+$.height]}#o(e,t){this.parts.delete(e);let n=this.placeFor([t.box.width,t.box.height]);this.parts.set(e,t);let[r,i]=[t.box.x-t.at[0],t.box.y-t.at[1]];this.#n.set(e,[n[0]-r,n[1]-i]),t.place([n[0]-r,n[1]-i])}#s(){let e=new Set(this.circuit.wires.flat());return[...this.parts.values()].flatMap(t=>t.kind.pins.flatMap(({name:n,role:r,rail:i})=>{let a=t.spots(n)[0];return r!==`power`&&r!==`ground`||!a||e.has(`${t.name}.${n}`)?[]:[{spot:a,role:r,rail:r===`ground`?`GND`:i??``}]}))}#c(e){let t=i.circuit,n=b(e.end);if(n===void 0){let t=this.device?.spots.find(t=>t===e);return[o(`strong`,{},t?.label??e.end),...t?.gpio===void 0?[]:[` GPIO${t.gpio}`]]}let r=this.kindOf(n)?.pins.find(({name:t})=>t===be(e.end)),a=!this.circuit.wires.some(t=>t.includes(e.end)),s=r?.role===`ground`?`GND`:r?.role===`power`?r.rail??``:void 0;return[o(`strong`,{},be(e.end)),` ${n}`,...s&&a?[o(`br`),t.byItself(s)]:[]]}#l(){let e=this.selection.now,t=e&&`part`in e?e.part:void 0;for(let[e,n]of this.parts)n.element.classList.toggle(`selected`,e===t),n.element.setAttribute(`aria-pressed`,String(e===t));this.wires.select(e&&`wire`in e?e.wire:void 0)}};function Fi({box:{x:e,y:t,width:n,height:r},isNamedAbove:i}){let a=Math.max(0,$.width-n);return{x:e-a/2,y:i?t-$.height:t,width:n+a,height:r+$.height}}var Ii=class{element;#e;#t;#n;#r=o(`span`,{class:`saved`,role:`status`});constructor(e){let t=i.circuit;this.#e=s(c.undo,t.undo,()=>e.undo(),{disabled:!0}),this.#t=s(c.redo,t.redo,()=>e.redo(),{disabled:!0}),this.#n=s(c.sound,t.sound,()=>this.#n.setAttribute(`aria-pressed`,String(e.sound())),{hidden:!0});let n=o(`select`,{class:`examples`,"aria-label":t.examples,title:t.exampleHint,onchange:()=>r()},new Option(t.example,``),...Ve.map(({id:e})=>new Option(t.exampleTexts[e].title,e))),r=()=>{let t=n.value;n.value=``,t&&e.example(t)};this.element=o(`div`,{class:`toolbar`,role:`toolbar`,"aria-label":t.tools},o(`button`,{type:`button`,class:`add`,title:t.addHint,onclick:()=>e.add()},a(c.plus),t.add),n,this.#r,o(`div`,{class:`tools`},this.#n,this.#e,this.#t),o(`div`,{class:`tools`},s(c.farther,t.farther,()=>e.zoom(1/$e)),s(c.fit,t.fit,()=>e.fit()),s(c.closer,t.closer,()=>e.zoom($e))))}history({canUndo:e,canRedo:t}){this.#e.disabled=!e,this.#t.disabled=!t}sound(e,t){this.#n.hidden=!e,this.#n.setAttribute(`aria-pressed`,String(t))}saved(e){this.#r.dataset.state=e;let t=i.circuit.saved[e];this.#r.replaceChildren(...e===`saved`?[a(c.check),o(`span`,{class:`unseen`},t)]:[t]),this.#r.title=i.circuit.saved[e]}},Li=60,Ri=1500,zi=class{hooks;element=o(`section`,{class:`circuit`});#e;#t;#n;#r;#i;#a;#o=o(`div`,{class:`table`});#s=o(`p`,{class:`hint note`});#c=new qe;#l=new Ur;#u=new Set;#d=new Map;#f=new Map;#p;#m;#h=[];#g;#_=!1;#v=!1;constructor(e){this.hooks=e;let t=this.#I();this.#e=new Pi(t,()=>this.#t?.place()),this.#t=new ve(this.#e,t),this.#n=new Je(this.#e,{change:e=>this.#O(e),rename:(e,t)=>this.#M(e,t),turn:e=>this.#O(ke(this.#e.circuit,e)),remove:e=>this.#N(e),setting:(e,t,n)=>this.#P(e,t,n),say:t=>e.say(t,`bad`),close:()=>this.#e.selection.set(void 0)}),this.#r=new Ir({add:(e,t)=>this.#j(e,t),closed:()=>this.#e.stage.element.focus()}),this.#i=new Ii({add:()=>this.#r.open(this.#h),example:e=>void this.#F(e),undo:()=>this.#A(`undo`),redo:()=>this.#A(`redo`),zoom:e=>this.#e.stage.zoomBy(e),fit:()=>this.#e.fit(),sound:()=>(this.#l.toggle(),this.#l.isOn)}),this.#a=new $r({undo:()=>this.#A(`undo`),startAnew:()=>this.#p?.startAnew(),dismiss:e=>this.#m?.dismiss(e),choose:e=>this.#e.selection.set({part:e})}),this.#o.append(this.#e.stage.element,this.#t.element,this.#a.element,this.#n.element,this.#r.element),this.element.append(this.#i.element,this.#o,this.#s),this.element.addEventListener(`keydown`,nt({table:this.#e,inspector:this.#n,hands:t,change:e=>this.#O(e),remove:e=>this.#N(e),add:()=>this.#r.open(this.#h),undo:()=>this.#A(`undo`),redo:()=>this.#A(`redo`)})),this.#e.selection.watch(e=>this.#D(e)),this.#e.from.watch(e=>this.#a.wiring(e?.end))}board(e){e!==this.#g&&(this.#g=e,this.#p?.close(),this.#m?.stop(),[this.#p,this.#m]=[void 0,void 0],this.#c.clear(),this.#u.clear(),this.#a.clear(),this.#y(e))}show(e){this.#_=e,e?this.#m?.start():this.#m?.stop(),this.#w()}news({circuit:e}){e!==void 0&&this.#p?.heard(e)}async#y(e){let t=e===void 0?void 0:this.hooks.known(e);if(e===void 0||!t?.firmware)return this.#x(e===void 0?i.circuit.none:i.circuit.real);try{let[n,r]=await Promise.all([l.device(t.device),this.#h.length?this.#h:l.parts()]);if(this.#g!==e)return;this.#h=r,await this.#b(e,n)}catch(t){if(this.#g!==e)return;this.#x(t instanceof r&&t.status===404?i.circuit.real:i.circuit.failed(t.message)),t instanceof r||setTimeout(()=>this.#g===e&&void this.#y(e),1e3)}}async#b(e,t){this.#x(void 0),this.element.setAttribute(`aria-label`,i.circuit.region(e)),this.#e.circuit=v,this.#e.start(t,this.#h);let n=new qr(e,{merged:()=>this.hooks.say(i.circuit.merged),found:()=>this.hooks.say(i.circuit.found,`good`)});this.#p=n;let r=[...new Set(t.headers.flatMap(({pins:e})=>e.flatMap(({gpio:e})=>e??[])).concat(t.led?.gpio??[]))],a=new dt(this.hooks.events,e,r,{parts:e=>this.#C(e),pin:(e,t)=>this.#e.device?.level(e,t),reset:()=>this.#e.device?.clear(),faults:e=>this.#E(e),failed:e=>this.hooks.say(e,`bad`),begun:()=>n.refresh()});this.#m=a,n.circuit.watch(e=>this.#S(e)),n.saved.watch(e=>{this.#i.saved(e),e===`saved`&&a.isOn&&a.look()}),n.refused.watch(e=>{this.#a.refused(e),this.#e.wires.refuse(e)}),n.broken.watch(e=>this.#a.broken(e===void 0?void 0:i.circuit.broken(n.file,e))),await n.load(),this.#S(n.circuit.now),this.#_&&a.start()}#x(e){this.#s.textContent=e??``,this.#s.hidden=e===void 0;for(let t of[this.#i.element,this.#o])t.hidden=e!==void 0;e!==void 0&&this.#n.show(void 0)}#S(e){ze(e)!==ze(this.#e.circuit)&&this.#m?.rewired(this.#v?0:Ri),this.#e.draw(e),this.#a.empty(this.#p?.isLoaded===!0&&Object.keys(e.parts).length===0),this.#C(new Set(Object.keys(e.parts))),this.#D(this.#e.selection.now),this.#i.history(this.#c)}#C(e){for(let t of e)this.#e.parts.get(t)?.show(this.#T(t));this.#t.update(),this.#w()}#w(){let e=[...this.#e.parts.values()].filter(({kind:e})=>e.kind===`buzzer`);this.#i.sound(e.length>0,this.#l.isOn),this.#l.play(new Map(e.map(({name:e})=>[e,this.#_?Number(this.#m?.shown(e).tone??0):0])))}#T(e){let t=this.#e.kindOf(e),n=t?{...Fr(t),...this.#e.circuit.parts[e]?.settings}:{};for(let e of t?.settings??[])!se(e)&&t?.shows.some(t=>t.name===e.name)&&delete n[e.name];return{...n,...this.#m?.shown(e)}}#E(e){this.#a.faults(e);for(let[t,n]of this.#e.parts)n.fault(e.find(({part:e,isOld:n})=>e===t&&!n)?.text)}#D(e){this.#n.show(e),this.#e.covered=this.#n.element.offsetHeight,this.#o.style.setProperty(`--covered`,`${this.#e.covered}px`),e&&`part`in e?this.#e.reveal(e.part):e||this.#e.restore(),this.#t.show(e&&`part`in e?e.part:void 0)}#O(e){let t=this.#e.circuit;if(!this.#p||S(e,t))return this.#e.draw(t);this.#c.add(t,e),this.#k(e)}#k(e){this.#v=!0,this.#p?.change(e),this.#v=!1}#A(e){let t=this.#c[e](this.#e.circuit);t&&this.#k(t),this.#i.history(this.#c)}#j(e,t){let{circuit:n,stage:r}=this.#e,i=xe(n,e.kind),{size:a}=Er(e,Fr(e)),[o,s]=t?r.toWorld(t.x,t.y).map((e,t)=>e-a[t]/2):this.#e.placeFor(a),c={kind:e.kind,at:[x(o/d),x(s/d)],settings:{}};this.#O(we(n,i,c)),this.#e.fitFor(i),this.#e.selection.set({part:i}),this.#e.parts.get(i)?.element.focus()}#M(e,t){this.#O(Ee(this.#e.circuit,e,t)),this.#e.selection.set({part:t})}#N(e){let{circuit:t}=this.#e;this.#e.selection.set(void 0),this.#O(`part`in e?Te(t,e.part):je(t,e.wire)),this.#e.stage.element.focus()}#P(e,{name:t,usual:n},r){this.#O(Oe(this.#e.circuit,e,t,r===n?void 0:r))}async#F(e){let n=i.circuit,r=Ve.find(t=>t.id===e),a=r&&this.#e.device&&He(r,this.#e.device.device);r&&a&&(Object.keys(this.#e.circuit.parts).length>0&&!await t(n.exampleTexts[r.id].title,n.exampleOver,n.exampleYes)||(this.#O(a),this.#e.fit(),this.hooks.program(r.program.name,r.program.source)))}#I(){return{change:e=>this.#O(e),act:(e,t,n)=>this.#m?.act(e,t,n),slide:(e,t,n)=>this.#m?.slide(e,t,n),value:(e,t)=>this.#T(e)[t],press:(e,t,n,r)=>{let i=`${e}.${t}`;(n||!this.#u.has(i))&&(n&&r&&!this.#u.has(i)?this.#u.add(i):n&&this.#u.delete(i),this.#L(e,t,n))},boardButton:(e,t,n)=>this.#R(e,t,n)}}#L(e,t,n){let r=this.#m,i=`${e}.${t}`,a=()=>{this.#f.delete(i),r?.isOn&&(r.shown(e)[t]??!1)!==n&&r.act(e,t,n)};clearTimeout(this.#f.get(i)),n&&this.#f.has(i)&&r?.act(e,t,!1);let o=n?0:(this.#d.get(i)??0)+Li-performance.now();n&&this.#d.set(i,performance.now()),o>0?this.#f.set(i,setTimeout(a,o)):a()}#R(e,t,n){let r=this.#e.device?.device.buttons.find(t=>t.name===e);r&&(t||!this.#u.has(e))&&(t&&n&&!this.#u.has(e)?this.#u.add(e):t&&this.#u.delete(e),this.#e.device?.held(e,t),r.gpio===0?this.hooks.boot(t):t&&this.hooks.reset())}};export{zi as BoardPanel};