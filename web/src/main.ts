// Starts the app: fonts for the page, then the door that leads to the one screen.
import { mount } from 'svelte';
import './app.css';
import Entrance from './Entrance.svelte';
import { addPageFonts } from './map/fonts';

addPageFonts(document.fonts);
const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(Entrance, { target });
